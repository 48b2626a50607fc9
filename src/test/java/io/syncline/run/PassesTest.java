package io.syncline.run;

import io.syncline.TestPostgres;
import io.syncline.change.Change;
import io.syncline.change.Outcome;
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
import io.syncline.store.Turns;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    private Resumption resumption;
    private JdbcClient sql;

    @BeforeEach
    void open() {
        DataSource database = TestPostgres.database();
        sql = JdbcClient.create(database);
        Shape shape = new Shape(List.of(new Field("name", FieldType.TEXT, Path.of("name"), false, false, false, TimeFormat.ISO, null)));
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
        EntityConfig items = new EntityConfig("items", "items", shape, mapping, new Rules(Rules.Policy.REVIEW, false, "sh"), false, EntityConfig.Brake.DEFAULT);
        SyncConfig stock = new SyncConfig("stock", "Stock", "", "shop", "sh", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC),
                List.of(items));
        Configuration configuration = new Configuration(Map.of(), Map.of("stock", stock));
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        ledger = new RunLedger(sql, transaction, configuration, new Turns(new JdbcTemplate(database)), Duration.ofSeconds(30));
        resumption = new Resumption(sql, new Staging(new JdbcTemplate(database), transaction), transaction, new ObjectMapper(), ledger, new Cursors(sql));
        passes = new Passes(sql, configuration, resumption,
                new Escalation(sql, new Mappings(new JdbcTemplate(database))), new KeptPlans(sql, new ObjectMapper(), Duration.ofHours(1)), new Cursors(sql));
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

    /** Promise 8. */
    @Test
    void aRecordThatCannotBeJudgedIsSetAsideAndItsNeighboursGoOn() {
        EntityPass pass = pass(Mode.FULL, null);
        Observed broken = new Observed("broken", null, null, null, false, List.of(), null);
        Stored known = new Stored(1, 1, new Stored.Agreement(new byte[32], null, null), false, null, false, null);
        PageWork work = new PageWork(1, "source", 3, List.of(record(), broken, record()), new long[0], null, new Tally());
        List<Stretch> stretches = new Judge(null, null, null, null).judge(pass, Map.of("broken", known), null, work);
        assertThat(stretches).extracting(Stretch::channel).containsExactly("unchanged", "rejected", "unchanged");
        assertThat(stretches.get(1).changes()).extracting(Change::stored).containsExactly(known);
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

    /** Promise 22: a plan from which somebody else takes pages would take their rows for deleted. */
    @Test
    void whoWakesUpWhileAnotherHasItsRunThrowsNothingOfItAway() {
        EntityPass pass = pass(Mode.FULL, null);
        sql.sql("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned) values (?, 'items', 1, 'source', 1, '{}', 1)")
                .param(pass.run().id()).update();
        sql.sql("insert into syncline_staging.page (run_id, entity, number, seen) values (?, 'items', 1, '{10}')").param(pass.run().id()).update();
        sql.sql("update syncline.run set takeovers = takeovers + 1, holder = 'another'").update();
        assertThatThrownBy(() -> passes.readWhole(pass, new IllegalStateException("the mark is lost"))).isInstanceOfSatisfying(Halt.class,
                halt -> assertThat(halt.why()).isEqualTo(Halt.Why.TAKEN_OVER));
        assertThatThrownBy(() -> resumption.forget(pass.run(), pass.entity(), "the position is lost")).isInstanceOf(Halt.class);
        assertThat(sql.sql("select count(*) from syncline.run_page").query(Long.class).single()).isOne();
        assertThat(sql.sql("select count(*) from syncline_staging.page where seen = '{10}'").query(Long.class).single()).isOne();
    }

    /** Promise 26: a source that cannot be asked for a million records gives a million reasons. */
    @Test
    void whatIsUnclearIsToldOfSomeAndNotOfAll() {
        EntityPass pass = pass(Mode.FULL, null);
        Judge judge = new Judge(null, null, null, null);
        for (int row = 1; row <= 500; row++) {
            String key = Integer.toString(row);
            judge.sortOutAbsent(pass, new AbsentRows(List.of(absent(key, row)), false), new Confirmation(Map.of(), Set.of(key), "It is not to be reached."));
        }
        assertThat(pass.reasons()).hasSize(11);
        assertThat(pass.reasons().get(0)).endsWith(": 1. It is not to be reached.");
        assertThat(pass.reasons().get(10)).endsWith(": more than are named here.");
    }

    /** A retry asks for what did not fit before, and what gathers is no sample of the source. */
    @Test
    void recordsThatWereAskedForSayNothingOfTheFormOfAllOthers() {
        EntityPass asked = pass(Mode.SINGLE, "1");
        asked.came(20, 20);
        assertThat(asked.isShort()).isFalse();
        EntityPass whole = pass(Mode.FULL, null);
        whole.came(20, 20);
        assertThat(whole.isShort()).isTrue();
    }

    /** What did not get everything does not count as the whole read that a changed mapping, or time, makes due. */
    @Test
    void aReadOfWhichNothingFitsOrSomethingHadNoKeyIsNotComplete() {
        Page last = new Page(1, List.of(record()), true, null, null, Instant.EPOCH, null);
        EntityPass unfit = pass(Mode.FULL, null);
        unfit.read(last);
        unfit.came(1, 1);
        assertThat(unfit.isComplete()).isFalse();
        EntityPass keyless = new EntityPass(unfit.run(), unfit.entity(), null, true);
        keyless.read(last);
        keyless.came(1, 0);
        assertThat(keyless.isComplete()).isTrue();
        keyless.foundWithoutKey();
        assertThat(keyless.isComplete()).isFalse();
    }

    /** Promise 9, and times that are still to come: whoever only completes a run knows the source's time as whoever read it. */
    @Test
    void whoTakesOverAReadThatIsThroughKnowsWhenItWasByTheSourcesClock() throws Exception {
        Instant now = Instant.parse("2026-03-01T08:00:00Z");
        EntityPass before = pass(Mode.FULL, null);
        before.read(new Page(1, List.of(record()), true, null, null, now, null));
        EntityPass after = new EntityPass(before.run(), before.entity(), null, true);
        ObjectMapper json = new ObjectMapper();
        after.goOn(json.readValue(json.writeValueAsString(before.progress()), Progress.class), 1, null);
        Stored stored = new Stored(1, 1, new Stored.Agreement(new byte[32], null, now.plus(Duration.ofDays(300))), false, null, false, null);
        Observed mended = new Observed("1", Document.stored("{\"name\":\"Pump\"}"), null, now, false, List.of(), null);
        assertThat(after.classifier().classify(mended, stored).outcome()).isEqualTo(before.classifier().classify(mended, stored).outcome())
                .isEqualTo(Outcome.UPDATE);
    }

    private static Observed record() {
        return new Observed("1", null, null, null, true, List.of(), null);
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
        Observed there = new Observed("2", document, null, null, false, List.of(), null);
        PageWork work = new Judge(null, null, null, null).sortOutAbsent(pass, new AbsentRows(rows, false),
                new Confirmation(Map.of("2", there), Set.of("3"), null));
        assertThat(work.seen()).containsExactly(20);
        assertThat(work.delivered()).isEqualTo(2);
    }

    private static Absences.Absent absent(String key, long row) {
        return new Absences.Absent(key, new Stored(row, 1, new Stored.Agreement(new byte[32], null, null), false, null, false, null));
    }
}
