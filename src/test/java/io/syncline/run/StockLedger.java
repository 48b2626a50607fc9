package io.syncline.run;

import io.syncline.TestPostgres;
import io.syncline.change.Rules;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.store.Turns;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A ledger of runs of a sync called stock, on an empty database. */
abstract class StockLedger {
    DataSource database;
    JdbcClient sql;
    TransactionTemplate transaction;
    RunLedger ledger;

    @BeforeEach
    void open() {
        database = TestPostgres.database();
        sql = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        ledger = another();
    }

    RunLedger another() {
        Shape shape = new Shape(List.of(new Field("name", FieldType.TEXT, Path.of("name"), false, false, false, TimeFormat.ISO, null)));
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
        EntityConfig items = new EntityConfig("items", "items", shape, mapping, new Rules(Rules.Policy.REVIEW, false, "sh"), false, EntityConfig.Brake.DEFAULT);
        SyncConfig.Schedules never = new SyncConfig.Schedules(null, null, ZoneOffset.UTC);
        SyncConfig stock = new SyncConfig("stock", "Stock", "", "shop", "sh", List.of("default"), never, List.of(items));
        return new RunLedger(sql, transaction, new Configuration(Map.of(), Map.of("stock", stock)),
                new Turns(new JdbcTemplate(database)), Duration.ofSeconds(30));
    }

    static RunRequest full() {
        return whole(Mode.FULL);
    }

    static RunRequest incremental() {
        return whole(Mode.INCREMENTAL);
    }

    static RunRequest whole(Mode mode) {
        return new RunRequest("stock", "default", mode, false, null, null, null, "test", "test");
    }

    static RunRequest record(String key) {
        return new RunRequest("stock", "default", Mode.SINGLE, false, null, "items", key, "test", "test");
    }
}
