package io.syncline.promises;

import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of all cases, decisions.cases.yaml, through the whole product: categories, boundary times, and every decision about every kind of conflict. */
class DecisionCasesTest {
    private static final Map<String, Long> IDS = new HashMap<>();
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static ConflictDesk desk;

    record Case(String name, Object here, Object there, String modified, Map<?, ?> decide, Map<?, ?> expect) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        try (InputStream file = DecisionCasesTest.class.getResourceAsStream("/decisions.cases.yaml")) {
            List<Map<?, ?>> all = new Yaml().load(file);
            return all.stream().map(each -> new Case((String) each.get("name"), each.get("here"), each.get("there"), (String) each.get("modified"),
                    (Map<?, ?>) each.get("decide"), (Map<?, ?>) each.get("expect"))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void all() {
        book = Pricebook.open(folder);
        desk = new ConflictDesk(book);
        List<Case> cases = cases();
        for (Case each : cases) {
            IDS.put(each.name(), 500_000L + IDS.size());
            book.sandbox.put(Entity.MATERIALS, IDS.get(each.name()), "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
        }
        book.full();
        Instant agreed = book.one("select max(st_modified_on) from pricebook.materials where st_id = ?", java.sql.Timestamp.class,
                Long.toString(IDS.get(cases.get(0).name()))).toInstant();
        book.sandbox.clock().advance(Duration.ofHours(1));
        List<Long> deleted = new ArrayList<>();
        for (Case each : cases) {
            long id = IDS.get(each.name());
            if ("deleted".equals(each.here())) {
                deleted.add(id);
            } else if (each.here() != null) {
                desk.here(id, each.here().toString());
            }
            if ("gone".equals(each.there())) {
                book.sandbox.remove(Entity.MATERIALS, id);
            } else if (each.there() != null) {
                book.sandbox.put(Entity.MATERIALS, id, json(each.there(), each.modified() == null ? null : moment(agreed, each.modified())));
            }
        }
        deleted.forEach(id -> book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(id)).update());
        book.full();
    }

    @AfterAll
    static void stop() {
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(book.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
        book.close();
    }

    private static String moment(Instant agreed, String which) {
        return switch (which) {
            case "equal" -> agreed.toString();
            case "later" -> agreed.plus(1, ChronoUnit.MICROS).toString();
            case "earlier" -> agreed.minus(1, ChronoUnit.MICROS).toString();
            case "zone" -> agreed.atOffset(ZoneOffset.ofHours(-8)).toString();
            default -> throw new IllegalArgumentException(which);
        };
    }

    private static String json(Object members, String modified) {
        Map<Object, Object> all = new HashMap<>((Map<?, ?>) members);
        if (modified != null) {
            all.put("modifiedOn", modified);
        }
        return new com.fasterxml.jackson.databind.json.JsonMapper().valueToTree(all).toString();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCaseEndsAsTheTableSays(Case given) {
        long id = IDS.get(given.name());
        if (given.decide() != null) {
            Answered decided = desk.decide(desk.conflictOf(id), json(given.decide(), null));
            assertThat(decided.status()).as(decided.text()).isEqualTo(200);
            assertThat(book.count("syncline.conflict where key = ? and state = 'settled' and settled_by = 'ann'", Long.toString(id))).isOne();
        }
        assertThat(desk.columns(id, "price, cost, deleted_at is not null")).isEqualTo(given.expect().get("row"));
        assertThat(desk.columns(id, "sync_status")).isEqualTo(given.expect().get("sync"));
        assertThat(desk.columns(id, "has_conflict")).isEqualTo("conflict".equals(given.expect().get("sync")) ? "t" : "f");
        Object base = given.expect().get("base");
        if (base != null) {
            assertThat(desk.columns(id, "coalesce(st_base, document)::jsonb ->> 'price'")).isEqualTo(base.toString());
        }
        assertThat(book.sql().sql("select action from syncline.push where key = ? and state = 'waiting'").param(Long.toString(id)).query(String.class)
                .optional().orElse(null)).isEqualTo(given.expect().get("push"));
    }
}
