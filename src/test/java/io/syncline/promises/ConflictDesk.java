package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;

import java.time.Duration;

import static io.syncline.promises.Pricebook.counts;
import static org.assertj.core.api.Assertions.assertThat;

/** A price book whose materials get into conflict, and somebody who decides. */
final class ConflictDesk {
    static final String CONFLICTS = "/api/v1/syncs/pricebook/conflicts";

    final Pricebook book;
    final Visitor ann;
    final Visitor ben;
    final Visitor vera;
    private int next;

    ConflictDesk(Pricebook book) {
        this.book = book;
        this.ann = Visitor.of(book.syncline, "ann", "default", Role.REVIEWER);
        this.ben = Visitor.of(book.syncline, "ben", "default", Role.REVIEWER);
        this.vera = Visitor.of(book.syncline, "vera", "default", Role.VIEWER);
    }

    /** A material that both sides agree on. */
    long material() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        long id = 900_000 + next++;
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
        book.incremental();
        book.sandbox.clock().advance(Duration.ofHours(1));
        return id;
    }

    void here(long id, String assignments) {
        assertThat(book.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(Long.toString(id)).update()).isOne();
    }

    void there(long id, String fields) {
        book.sandbox.clock().advance(Duration.ofMinutes(1));
        book.sandbox.put(Entity.MATERIALS, id, fields);
    }

    /** One whose price people changed to 25 and ServiceTitan to 30; it was 20. */
    long inConflict() {
        long id = material();
        here(id, "price = 25");
        there(id, "{\"price\": 30, \"cost\": 11}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        return id;
    }

    long conflictOf(long id) {
        return book.one("select max(id) from syncline.conflict where key = ?", Long.class, Long.toString(id));
    }

    Answered look(long conflict) {
        return vera.get(CONFLICTS + "/" + conflict);
    }

    Answered decide(Visitor who, long conflict, String tag, String body) {
        return tag == null ? who.post(CONFLICTS + "/" + conflict + "/resolution", body)
                : who.send("POST", CONFLICTS + "/" + conflict + "/resolution", body, "If-Match", tag);
    }

    /** About what stands now. */
    Answered decide(long conflict, String body) {
        return decide(ann, conflict, look(conflict).tag(), body);
    }

    String columns(long id, String columns) {
        return book.columns("materials", id, columns);
    }

    String settled(long conflict) {
        return book.one("select concat_ws('|', state, settled_how, settled_by, settled_at is not null) from syncline.conflict where id = ?", String.class,
                conflict);
    }

    long told(String action, long id) {
        return book.count("syncline.activity where action = ? and key = ?", action, Long.toString(id));
    }

    static JsonNode outlook(JsonNode conflict, String decision) {
        for (JsonNode each : conflict.path("decisions")) {
            if (each.path("decision").asText().equals(decision)) {
                return each;
            }
        }
        throw new AssertionError("no " + decision + " in " + conflict.toPrettyString());
    }

    static JsonNode value(JsonNode conflict, String field) {
        for (JsonNode each : conflict.path("values")) {
            if (each.path("field").asText().equals(field)) {
                return each;
            }
        }
        throw new AssertionError("no " + field + " in " + conflict.toPrettyString());
    }
}
