package io.syncline.run;

import io.syncline.TestPostgres;
import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Confirmation;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.store.Absences;
import io.syncline.store.Mappings;
import io.syncline.store.Staging;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PassesTest {
    private RunLedger ledger;
    private Passes passes;

    @BeforeEach
    void open() {
        DataSource database = TestPostgres.database();
        Flyway.configure().dataSource(database).defaultSchema("syncline").load().migrate();
        JdbcClient sql = JdbcClient.create(database);
        Shape shape = new Shape(List.of(new Field("name", FieldType.TEXT, Path.of("name"), false, false, false, TimeFormat.ISO, null)));
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
        EntityConfig items = new EntityConfig("items", "items", shape, mapping, new Rules(Rules.Policy.REVIEW, false, "sh"), false, EntityConfig.Brake.DEFAULT);
        SyncConfig stock = new SyncConfig("stock", "Stock", "", "shop", "sh", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC), List.of(items));
        Configuration configuration = new Configuration(Map.of(), Map.of("stock", stock));
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        ledger = new RunLedger(sql, transaction, configuration, Duration.ofSeconds(30));
        passes = new Passes(sql, configuration, new Resumption(sql, new Staging(new JdbcTemplate(database), transaction), transaction, new ObjectMapper()),
                new Escalation(sql, new Mappings(new JdbcTemplate(database))));
    }

    private EntityPass pass(Mode mode, String key) {
        RunRequest request = new RunRequest("stock", "default", mode, false, null, "items", key, "test", "test");
        return passes.of(ledger.begin(ledger.accept(request).run())).get(0);
    }

    /** Promises 2 and 5. */
    @Test
    void aReadThatAShutdownCutShortIsLeftToTheNextProcess() {
        EntityPass pass = pass(Mode.FULL, null);
        pass.read(new Page(1, List.of(), false, "2", null, Instant.EPOCH, null));
        passes.close(pass);
        assertThat(pass.isFailed()).isFalse();
        Completion completion = new Completion(null, null, passes, null, null, null);
        assertThatThrownBy(() -> completion.publishable(pass.run(), List.of(pass))).isInstanceOfSatisfying(Halt.class,
                halt -> assertThat(halt.why()).isEqualTo(Halt.Why.LEFT));
    }

    @Test
    void aReadThatReachedTheLastPageIsWhole() {
        EntityPass pass = pass(Mode.FULL, null);
        pass.read(new Page(1, List.of(record()), true, null, null, Instant.EPOCH, null));
        passes.close(pass);
        assertThat(pass.isFailed()).isFalse();
        assertThat(pass.movesMark()).isTrue();
    }

    /** Promise 2: an answer without a record may be a faulty one, and a mark that moved would hide what it left out. */
    @Test
    void aWholeReadThatShowedNothingMovesNoWatermark() {
        EntityPass pass = pass(Mode.FULL, null);
        pass.read(new Page(1, List.of(), true, null, null, Instant.EPOCH, null));
        passes.close(pass);
        assertThat(pass.isFailed()).isFalse();
        assertThat(pass.movesMark()).isFalse();
    }

    private static Observed record() {
        return new Observed("1", null, null, null, null, true, List.of(), null);
    }

    @Test
    void aSingleRecordThatIsGoneNeedsNoPage() {
        EntityPass pass = pass(Mode.SINGLE, "1");
        passes.close(pass);
        assertThat(pass.isFailed()).isFalse();
    }

    /** What a publish knows to be at the source closes the entries that waited for it. */
    @Test
    void aRowThatIsFoundByAskingIsSeenAndOneThatIsUnclearOrGoneIsNot() {
        EntityPass pass = pass(Mode.FULL, null);
        List<Absences.Absent> rows = List.of(absent("1", 10), absent("2", 20), absent("3", 30));
        Document document = Document.stored("{\"name\":\"Pump\"}");
        Observed there = new Observed("2", new Object[] {"Pump"}, document, null, null, false, List.of(), null);
        PageWork work = new Judge(null, null, null, null).sortOutAbsent(pass, new AbsentRows(rows, false), new Confirmation(Map.of("2", there), Set.of("3"), null));
        assertThat(work.seen()).containsExactly(20);
        assertThat(work.delivered()).isEqualTo(2);
    }

    private static Absences.Absent absent(String key, long row) {
        return new Absences.Absent(key, new Stored(row, 1, new Stored.Agreement(new byte[32], null, null), false, null, false, null));
    }
}
