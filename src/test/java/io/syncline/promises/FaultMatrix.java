package io.syncline.promises;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.record.Observed;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.Entity;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ground of the fault matrix: a price book in step with its source, changed a little before each cell and healed after it, and the list of what
 * became of every cell. Faults strike materials, which have four pages; the other entities are the neighbours that must not feel them.
 */
final class FaultMatrix extends AppenderBase<ILoggingEvent> {
    private static final int PER_PAGE = 10;

    final Pricebook book;
    private final Configuration configuration;
    private final List<String> outcomes = new ArrayList<>();
    private final List<String> waits = new CopyOnWriteArrayList<>();
    private int number;
    private boolean dirty;
    private List<Long> created;

    /** What was changed at the source before a cell, and what the table said then. */
    record Ground(List<Long> updated, List<Long> created, List<Long> removed, long service, long equipment, int value, List<String> stored, Instant mark) {
    }

    FaultMatrix(Pricebook book) {
        this.book = book;
        this.configuration = book.syncline.bean(Configuration.class);
        setContext(((Logger) LoggerFactory.getLogger("io.syncline.source.Retries")).getLoggerContext());
        start();
        ((Logger) LoggerFactory.getLogger("io.syncline.source.Retries")).addAppender(this);
        assertThat(state(book.full())).isEqualTo("published");
        assertExactlyTheSource();
        created = newRecords();
        heal();
    }

    /**
     * One cell: the ground is made, the fault does its work, the source heals and the table is exactly what the source says.
     *
     * @param body strikes, runs and checks; returns what became of it
     */
    void cell(String mode, String when, String fault, Function<Ground, String> body) {
        if (dirty) {
            heal();
        }
        dirty = true;
        String outcome = body.apply(ground());
        heal();
        dirty = false;
        outcomes.add("%-12s %-26s %-34s %s".formatted(mode, when, fault, outcome));
    }

    /** A change on the first, a middle and the last page, two records more and two less, and changes at the neighbours. */
    private Ground ground() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        int value = ++number;
        List<Long> ids = List.of(active(1), active(2), active(4));
        List<Long> removed = created;
        for (long id : ids) {
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": " + value + "}");
        }
        created = newRecords();
        removed.forEach(id -> book.sandbox.remove(Entity.MATERIALS, id));
        long service = book.anyOf(Entity.SERVICES);
        long equipment = book.anyOf(Entity.EQUIPMENT);
        book.sandbox.put(Entity.SERVICES, service, "{\"price\": " + value + "}");
        book.sandbox.put(Entity.EQUIPMENT, equipment, "{\"price\": " + value + "}");
        book.sandbox.clock().advance(Duration.ofMinutes(10));
        book.sandbox.clearJournal();
        waits.clear();
        return new Ground(ids, created, removed, service, equipment, value, stored(), book.mark("materials"));
    }

    private List<Long> newRecords() {
        List<Long> ids = List.of(900_000L + 2 * number, 900_001L + 2 * number);
        ids.forEach(id -> book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"N" + id + "\", \"displayName\": \"Bögen größer ½″\"}"));
        return ids;
    }

    private long active(int page) {
        List<ObjectNode> records = List.copyOf(book.sandbox.snapshot(Entity.MATERIALS).values());
        return records.subList((page - 1) * PER_PAGE + 1, Math.min(page * PER_PAGE, records.size()) - 2).stream()
                .filter(record -> record.path("active").asBoolean()).findFirst().orElseThrow().path("id").asLong();
    }

    /** Rows and versions of materials, each as PostgreSQL has it on disk. */
    List<String> stored() {
        List<String> stored = new ArrayList<>();
        for (String table : List.of("pricebook.materials", "pricebook.materials_history")) {
            stored.addAll(book.sql().sql("select '" + table + " ' || ctid::text || ' ' || xmin::text || ' ' || t::text from " + table + " t")
                    .query(String.class).list());
        }
        stored.addAll(book.sql().sql("select key || ' ' || kind || ' ' || state from syncline.attention where entity = 'materials' order by id")
                .query(String.class).list());
        return stored;
    }

    /** The source is itself again, and the next full run brings every table to exactly what it says. */
    private void heal() {
        mend();
        book.sandbox.clock().advance(Duration.ofHours(1));
        JsonNode report = book.full();
        assertThat(state(report)).as("after healing: " + report.toPrettyString()).isEqualTo("published");
        assertExactlyTheSource();
        assertThat(book.sql().sql("select entity || ' ' || key || ': ' || reason from syncline.attention where state = 'open'").query(String.class).list())
                .as("nothing waits after healing").isEmpty();
    }

    /** The source is itself again. */
    void mend() {
        book.sandbox.clearFaults();
        book.sandbox.endOutage();
    }

    void assertExactlyTheSource() {
        for (Entity entity : Entity.values()) {
            assertThat(live(entity)).as(entity.path()).isEqualTo(there(entity));
        }
    }

    private Map<String, String> live(Entity entity) {
        Map<String, String> live = new TreeMap<>();
        book.sql().sql("select st_id, document from pricebook." + entity.path() + "_live")
                .query((row, n) -> live.put(row.getString(1), row.getString(2))).list();
        return live;
    }

    private Map<String, String> there(Entity entity) {
        EntityConfig declared = configuration.syncs().get("pricebook").entities().stream()
                .filter(each -> each.name().equals(entity.name().toLowerCase(Locale.ROOT))).findFirst().orElseThrow();
        Map<String, String> there = new TreeMap<>();
        for (ObjectNode record : book.sandbox.snapshot(entity).values()) {
            try (JsonParser parser = new JsonFactory().createParser(record.toString())) {
                parser.nextToken();
                Observed observed = declared.mapping().read(parser);
                if (!observed.deleted()) {
                    there.put(observed.key(), observed.document().text());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return there;
    }

    boolean isDeleted(long id) {
        return book.one("select deleted_at is not null from pricebook.materials where st_id = ?", Boolean.class, Long.toString(id));
    }

    /** How often something was asked for, by the end of its path and a part of its query. */
    long asked(String path, String query) {
        return book.sandbox.journal().stream().filter(call -> call.path().endsWith(path) && ("&" + call.query() + "&").contains(query)).count();
    }

    List<Call> journal() {
        return book.sandbox.journal();
    }

    /** The waits before a further attempt since the ground was made, as they are logged. */
    List<String> waits() {
        return waits;
    }

    List<String> outcomes() {
        return outcomes;
    }

    @Override
    protected void append(ILoggingEvent event) {
        waits.add(event.getFormattedMessage());
    }
}
