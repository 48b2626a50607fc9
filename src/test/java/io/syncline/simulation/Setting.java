package io.syncline.simulation;

import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.time.ZoneOffset;
import java.util.List;

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
 */
record Setting(Paging paging, boolean totals, boolean byId, boolean versions, boolean times, boolean increments, boolean tombstones, int overlap,
               int absentAt, SyncConfig sync) {
    static final Shape GROUPS = new Shape(List.of(field("name", null), field("size", null)));
    static final Shape ITEMS = new Shape(List.of(field("name", null), field("parent", "groups"), field("size", null)));

    static Setting drawn(Dice dice) {
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
        SyncConfig sync = new SyncConfig("simulated", "Simulated", "", "world", "st", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC),
                List.of(entity("items", ITEMS, rules, brake), entity("groups", GROUPS, rules, brake)));
        return new Setting(paging, totals, byId, dice.percent(50), times, dice.percent(75), dice.percent(40), dice.below(4), 1 + dice.below(3), sync);
    }

    boolean drifts() {
        return !paging.stable();
    }

    Rules.Policy policy() {
        return sync.entities().get(0).rules().policy();
    }

    private static EntityConfig entity(String name, Shape shape, Rules rules, EntityConfig.Brake brake) {
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), Path.of("version"), Path.of("modified"), TimeFormat.ISO, null);
        return new EntityConfig(name, name, shape, mapping, rules, false, brake);
    }

    private static Field field(String name, String references) {
        return new Field(name, FieldType.TEXT, Path.of(name), false, false, false, TimeFormat.ISO, references);
    }

    @Override
    public String toString() {
        return (drifts() ? "page numbers" : "cursor") + " of " + paging.size() + " to " + paging.end() + (totals ? ", totals" : "") + (byId ? ", by id" : "")
                + (versions ? ", versions" : "") + (times ? ", times" : "") + (increments ? ", increments, overlap " + overlap : "")
                + (tombstones ? ", tombstones" : "") + "; " + sync.entities().get(0).rules() + ", " + sync.entities().get(0).brake();
    }
}
