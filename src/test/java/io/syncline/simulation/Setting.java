package io.syncline.simulation;

import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * What kind of source a story is about, and what its entities declare. Children ({@code items}) refer to parents ({@code groups}).
 *
 * @param paging     how lists are cut into pages; a cursor is stable, page numbers drift
 * @param totals     each answer says how many records there are
 * @param byId       a single record can be asked for
 * @param versions   records carry a version number
 * @param times      records carry the time of their last change
 * @param increments changes since a moment can be asked for
 * @param tombstones deleted records stay in the list, marked as deleted
 * @param overlap    seconds before the mark that are asked for again; nothing becomes visible later than that
 * @param absentAt   how many absent rows are looked at in one step
 * @param writes     how it is written, or null where it is only read
 */
record Setting(Paging paging, boolean totals, boolean byId, boolean versions, boolean times, boolean increments, boolean tombstones, int overlap,
               int absentAt, SyncConfig sync, Writes writes) {
    static final Shape GROUPS = new Shape(List.of(field("name", null), field("size", null)));
    static final Shape ITEMS = new Shape(List.of(field("name", null), field("parent", "groups"), field("size", null)));

    /** @param twoWay the source is written, too */
    static Setting drawn(Dice dice, boolean twoWay) {
        boolean cursor = dice.percent(40);
        boolean totals = dice.percent(50);
        // A source whose pages drift has to be asked for single records, or nothing that is missing is ever taken for deleted.
        boolean byId = !cursor || dice.percent(60);
        boolean times = dice.percent(70);
        Paging.End end = totals ? dice.one(Paging.End.TOTAL, Paging.End.EMPTY_PAGE) : dice.one(Paging.End.EMPTY_PAGE, Paging.End.SHORT_PAGE);
        Paging paging = new Paging(cursor ? Paging.Kind.CURSOR : Paging.Kind.PAGE, "at", false, 1, "size", 1 + dice.below(3), cursor ? List.of("next") : null,
                null, totals ? List.of("total") : null, null, end, 50, cursor);
        Rules.Policy policy = dice.one(Rules.Policy.REVIEW, Rules.Policy.REVIEW, Rules.Policy.SOURCE_WINS, Rules.Policy.LOCAL_WINS,
                Rules.Policy.LAST_WRITE_WINS);
        Rules rules = new Rules(policy, dice.percent(50), dice.one("st", "local"));
        EntityConfig.Brake brake = new EntityConfig.Brake(dice.one(1, 2, 2, 500), dice.one(10, 20, 100));
        boolean versions = dice.percent(50);
        boolean increments = dice.percent(75);
        boolean tombstones = dice.percent(40);
        int overlap = dice.below(4);
        int absentAt = 1 + dice.below(3);
        Writes writes = twoWay ? new Writes(dice.percent(50), dice.percent(50), dice.percent(70), dice.percent(50), dice.percent(30)) : null;
        SyncConfig sync = new SyncConfig("simulated", "Simulated", "", "world", "st", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC),
                List.of(entity("items", ITEMS, rules, brake, tombstones, writes), entity("groups", GROUPS, rules, brake, tombstones, writes)));
        return new Setting(paging, totals, byId, versions, times, increments, tombstones, overlap, absentAt, sync, writes);
    }

    /**
     * How a source is written.
     *
     * @param honoured   a write is known again by its key
     * @param checks     it can be told which version is overwritten
     * @param answers    with the record; otherwise it is read back
     * @param normalises what people write is not what it says afterwards
     * @param all        every field is sent, not only what changed
     */
    record Writes(boolean honoured, boolean checks, boolean answers, boolean normalises, boolean all) {
        /** What was sent may still take effect so many seconds later. */
        static final int ARRIVES_WITHIN = 10;

        WritesConfig of(String resource, boolean tombstones) {
            String one = "/" + resource + "/{id}";
            return new WritesConfig(new WritesConfig.Request("POST", "/" + resource, null, true, null, List.of(), List.of("id")),
                    new WritesConfig.Request("PATCH", one, null, all, null, List.of(), null),
                    new WritesConfig.Request("DELETE", one, null, false, null, List.of(), null),
                    tombstones ? new WritesConfig.Request("PATCH", one, "{\"deleted\":false}", all, null, List.of(), null) : null,
                    new WritesConfig.KeyHeader("Idempotency-Key", honoured), checks ? new WritesConfig.IfMatch("If-Match", List.of("stamp"), null) : null,
                    answers, List.of(), List.of(List.of("title")), null, Duration.ofSeconds(ARRIVES_WITHIN));
        }
    }

    boolean drifts() {
        return !paging.stable();
    }

    Rules.Policy policy() {
        return sync.entities().get(0).rules().policy();
    }

    boolean isTwoWay() {
        return writes != null;
    }

    private static EntityConfig entity(String name, Shape shape, Rules rules, EntityConfig.Brake brake, boolean tombstones, Writes writes) {
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), Path.of("version"), Path.of("modified"), TimeFormat.ISO,
                new SideMapping.Deletion(Path.of("deleted"), Set.of("true")));
        return new EntityConfig(name, name, shape, mapping, rules, false, brake, writes == null ? List.of() : List.of("name"),
                writes == null ? null : writes.of(name, tombstones));
    }

    private static Field field(String name, String references) {
        return new Field(name, FieldType.TEXT, Path.of(name), false, false, false, TimeFormat.ISO, references);
    }

    @Override
    public String toString() {
        return (drifts() ? "page numbers" : "cursor") + " of " + paging.size() + " to " + paging.end() + (totals ? ", totals" : "") + (byId ? ", by id" : "")
                + (versions ? ", versions" : "") + (times ? ", times" : "") + (increments ? ", increments, overlap " + overlap : "")
                + (tombstones ? ", tombstones" : "") + (writes == null ? "" : ", " + writes) + "; " + sync.entities().get(0).rules()
                + ", " + sync.entities().get(0).brake();
    }
}
