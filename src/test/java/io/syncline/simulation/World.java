package io.syncline.simulation;

import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The source system as it truly is: every record with all its versions, some of them not yet visible to others. */
final class World {
    /** Other values than a person's, so that whose a value was can always be told. */
    private static final List<String> SIZES = List.of("S", "M", "L");

    private final Setting setting;
    private final Dice dice;
    private final Clock clock;
    private final Map<String, Map<String, List<Version>>> records = Map.of("groups", new TreeMap<>(), "items", new TreeMap<>());
    private final Map<String, Integer> versionOf = new HashMap<>();
    private final Map<String, Long> leftAt = new HashMap<>();
    private final Map<String, Long> cameAt = new HashMap<>();
    private final Map<String, Long> changedAt = new HashMap<>();
    private final boolean inOrderOfTime;
    private final Topic topic;
    private int changes;

    World(Setting setting, Dice dice, Clock clock, Topic topic) {
        this.setting = setting;
        this.dice = dice;
        this.clock = clock;
        this.topic = topic;
        this.inOrderOfTime = setting.drifts() && dice.percent(30);
    }

    /** Something happens at the source. */
    String change() {
        boolean joins = topic.isTakenUp();
        String entity = joins ? topic.entity().name() : dice.percent(70) ? "items" : "groups";
        Map<String, List<Version>> all = records.get(entity);
        String key = joins ? topic.key() : entity.substring(0, 1) + dice.below(entity.equals("items") ? 6 : 3);
        if (!joins && setting.isTwoWay() && !all.isEmpty() && dice.percent(30)) {
            key = dice.one(List.copyOf(all.keySet()));
        }
        topic.is(setting.sync().entity(entity), key);
        List<Version> versions = all.computeIfAbsent(key, none -> new ArrayList<>());
        Version latest = versions.isEmpty() ? null : versions.get(versions.size() - 1);
        if (latest != null && latest.visible() > clock.second()) {
            return "waits for a lock on " + key;
        }
        boolean there = latest != null && latest.isThere();
        boolean goes = there && dice.percent(25);
        long visible = clock.second() + (dice.percent(25) ? dice.below(setting.overlap() + 1) : 0);
        Version next = add(entity, key, latest, shown(entity, key, latest, goes), visible);
        return entity + " " + key + " is " + (goes ? "deleted" : there ? "changed" : "made") + " as " + next.number()
                + (next.shown() == null ? "" : " " + next.shown().document()) + (visible > clock.second() ? ", visible later" : "");
    }

    private Version add(String entity, String key, Version latest, Observed shown, long visible) {
        boolean listed = latest != null && latest.shown() != null;
        if (listed && (shown == null || inOrderOfTime)) {
            leftAt.put(entity, visible);
        }
        changedAt.put(entity, visible);
        if (!listed) {
            cameAt.put(entity, visible);
        }
        Version next = new Version(key, ++changes, shown, clock.there(), visible);
        records.get(entity).computeIfAbsent(key, none -> new ArrayList<>()).add(next);
        return next;
    }

    /** Somebody else's change of it is under way. */
    boolean isLocked(String entity, String key) {
        List<Version> versions = versions(entity, key);
        return !versions.isEmpty() && versions.get(versions.size() - 1).visible() > clock.second();
    }

    /**
     * What we write takes effect there.
     *
     * @param key    null for a record that is made
     * @param values null for a deletion
     */
    Version write(String entity, String key, Object[] values) {
        String of = key == null ? entity.substring(0, 1) + (100 + changes) : key;
        Version latest = visible(entity, of);
        if (values == null && !setting.tombstones()) {
            return add(entity, of, latest, null, clock.second());
        }
        int counted = versionOf.merge(of, 1, Integer::sum);
        Shape shape = entity.equals("items") ? Setting.ITEMS : Setting.GROUPS;
        return add(entity, of, latest, new Observed(of, values == null ? null : shape.document(values), setting.versions() ? (long) counted : null,
                setting.times() ? clock.there() : null, values == null, List.of(), null), clock.second());
    }

    private Observed shown(String entity, String key, Version latest, boolean goes) {
        if (goes && !setting.tombstones()) {
            return null;
        }
        int counted = versionOf.merge(key, 1, Integer::sum);
        Long version = setting.versions() ? (long) counted : null;
        Instant modified = setting.times() ? clock.there() : null;
        if (goes) {
            return new Observed(key, null, version, modified, true, List.of(), null);
        }
        if (dice.percent(4)) {
            return new Observed(key, null, version, modified, false, List.of("size: is no size"), "{\"unfit\":" + changes + "}");
        }
        if (dice.percent(2)) {
            return new Observed(null, null, version, modified, false, List.of("key: is missing"), "{\"keyless\":\"" + key + "\"}");
        }
        Shape shape = entity.equals("items") ? Setting.ITEMS : Setting.GROUPS;
        Object[] values = latest != null && latest.isThere() && latest.shown().isFit()
                ? shape.values(latest.shown().document()) : new Object[shape.fields().size()];
        boolean fresh = values[0] == null;
        if (fresh || dice.percent(60)) {
            values[shape.position("name")] = dice.percent(15) ? key : key + "." + changes;
        }
        if (fresh || dice.percent(40)) {
            values[shape.position("size")] = dice.one(SIZES);
        }
        int parent = shape.position("parent");
        if (parent >= 0 && (fresh || dice.percent(20))) {
            values[parent] = dice.percent(30) ? null : "g" + dice.below(3);
        }
        Document document = shape.document(values);
        return new Observed(key, document, version, modified, false, List.of(), null);
    }

    /** What a reader sees of the record now; null for one that never was. */
    Version visible(String entity, String key) {
        return at(records.get(entity).get(key), clock.second());
    }

    private static Version at(List<Version> versions, long second) {
        for (int i = versions == null ? -1 : versions.size() - 1; i >= 0; i--) {
            if (versions.get(i).visible() <= second) {
                return versions.get(i);
            }
        }
        return null;
    }

    /** What a reader of the list sees now, in its order. */
    List<Version> list(String entity, Instant since) {
        List<Version> list = new ArrayList<>();
        for (List<Version> versions : records.get(entity).values()) {
            Version version = at(versions, clock.second());
            if (version != null && version.shown() != null && (since == null || !version.modified().isBefore(since))) {
                list.add(version);
            }
        }
        if (inOrderOfTime) {
            list.sort(Comparator.comparing(Version::modified).thenComparing(Version::key));
        }
        return list;
    }

    List<String> keys(String entity) {
        return List.copyOf(records.get(entity).keySet());
    }

    /** All versions of the record, the latest last, visible or not. */
    List<Version> versions(String entity, String key) {
        return records.get(entity).getOrDefault(key, List.of());
    }

    /** At some second since then the record was not there for a reader. */
    boolean wasGoneSince(String entity, String key, long from) {
        List<Version> versions = versions(entity, key);
        Version then = at(versions, from - 1);
        return then == null || !then.isThere()
                || versions.stream().anyMatch(version -> version.visible() >= from && version.visible() <= clock.second() && !version.isThere());
    }

    /**
     * Since then a record has left its place in the list, so that those behind it have slipped onto pages read already; and if the source tells totals,
     * another has come and made up for it. No reader can notice that.
     */
    boolean slippedSince(String entity, long from) {
        boolean left = leftAt.getOrDefault(entity, 0L) >= from;
        return setting.drifts() && left && (!setting.totals() || cameAt.getOrDefault(entity, 0L) >= from);
    }

    /**
     * Since then one record has left the list and another has come, so that the total stayed as it was, and as many came as a list holds that was cut. A source
     * that cuts nothing could have given the very same answers, so no reader can notice that.
     *
     * @param changes it is the list of changes, to which a record comes by being changed
     */
    boolean madeUpSince(String entity, long from, boolean changes) {
        return leftAt.getOrDefault(entity, 0L) >= from && (changes ? changedAt : cameAt).getOrDefault(entity, 0L) >= from;
    }

    /** A whole read of it proves no absence: a record came without a readable key, or nothing came at all. */
    boolean isUnprovable(String entity) {
        List<Version> list = list(entity, null);
        return list.isEmpty() || list.stream().anyMatch(version -> !version.isReadable());
    }

    /** Everything begun becomes visible. */
    void settle() {
        clock.pass(setting.overlap() + 2);
    }
}
