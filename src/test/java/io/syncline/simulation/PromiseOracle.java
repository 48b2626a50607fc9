package io.syncline.simulation;

import io.syncline.change.Outcome;
import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.run.SimulatedPass;
import io.syncline.source.WriteOrder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The promises, each held against what the source, the people and the crashes truly did; never against what the engine believes. */
final class PromiseOracle implements Oracle {
    /** All the past is looked at after every so many snapshots. */
    private static final int LOOKS_BACK = 10;

    private final Story story;
    private final MemoryHub hub;
    private final PeoplesWork people;
    private final PushOracle pushes;
    private final Map<String, Map<Long, Row>> before = new HashMap<>();
    private final Map<String, Integer> historyBefore = new HashMap<>();
    private final List<Map<String, Map<Long, Document>>> snapshots = new ArrayList<>();
    private final Map<String, Integer> shownAtLeast = new HashMap<>();
    private final Map<String, Brakes> brakes = new HashMap<>();
    private final Map<Long, Set<String>> failed = new HashMap<>();
    private final Set<String> slipped = new HashSet<>();

    private record Brakes(long live, boolean empty) {
    }

    PromiseOracle(Story story, MemoryHub hub) {
        this.story = story;
        this.hub = hub;
        this.people = new PeoplesWork(hub, story);
        this.pushes = new PushOracle(hub, story);
    }

    @Override
    public void edited(String entity, String key, String field, String value, boolean own) {
        people.edited(entity, key, field, value, own);
    }

    @Override
    public void deleted(String entity, String key, boolean deleted) {
        people.deleted(entity, key, deleted);
    }

    @Override
    public void noted(String entity, String key, String text) {
        people.noted(entity, key, text);
    }

    @Override
    public void wrote(WriteOrder order, Version made, Version replaced) {
        pushes.wrote(order, made, replaced);
    }

    @Override
    public void heard(WriteOrder order) {
        pushes.heard(order);
    }

    @Override
    public void givenUp(UUID entry) {
        pushes.givenUp(entry);
    }

    @Override
    public void decided(Hub.Dispute seen, String how) {
        pushes.decided(seen, how);
    }

    @Override
    public void settled() {
        pushes.decisionsAreAboutWhatWasSeen(before);
        hub.tables.values().forEach(this::versionsAreKept);
        people.areHeard(before);
        pushes.published();
        remember(hub.snapshots.size());
        latestStand();
    }

    @Override
    public void agreed() {
        pushes.agreed();
    }

    @Override
    public void readingEnded(Ledger.Life life, Collection<SimulatedPass> passes) {
        Set<String> names = new HashSet<>();
        passes.stream().filter(SimulatedPass::isFailed).forEach(pass -> names.add(pass.entity().name()));
        failed.put(life.id, names);
    }

    @Override
    public void braked(Ledger.Life life, SimulatedPass pass) {
        String entity = pass.entity().name();
        Ledger.Progress progress = life.progress.get(entity);
        boolean empty = progress.since == null && progress.pages.stream().noneMatch(kept -> kept.page() != null && kept.page().number() > 0 && !kept.page()
                .records().isEmpty());
        brakes.put(life.id + entity, new Brakes(hub.table(entity).live(), empty));
    }

    @Override
    public void before() {
        hub.tables.forEach((name, table) -> {
            Map<Long, Row> rows = new HashMap<>();
            table.byId.values().forEach(row -> rows.put(row.id, row.copy()));
            before.put(name, rows);
            historyBefore.put(name, table.history.size());
        });
    }

    @Override
    public void remember() {
        before();
    }

    @Override
    public void died() {
        requireUnmoved(1, "a publish that died left something behind");
    }

    @Override
    public void unmoved() {
        requireUnmoved(10, "a run after which nothing had changed wrote");
    }

    private void requireUnmoved(int promise, String how) {
        hub.tables.forEach((name, table) -> {
            boolean moved = table.history.size() != historyBefore.get(name) || table.byId.size() != before.get(name).size()
                    || table.byId.values().stream().anyMatch(row -> row.revision != before.get(name).get(row.id).revision);
            require(!moved, promise, () -> how + " in " + name);
        });
    }

    @Override
    public void published(Ledger.Life life, long fence, List<SimulatedPass> passes, Map<String, Map<Outcome, Long>> counts) {
        require(life.ended == null && life.fence == fence, 22, () -> "a process that has lost run " + life.id + " published it");
        require(life.isSingle() || story.ledger.runs.values().stream().allMatch(other -> other == life || other.isSingle() || other.ended != null), 22,
                () -> "another run was active beside run " + life.id);
        for (SimulatedPass pass : passes) {
            String entity = pass.entity().name();
            require(!failed.get(life.id).contains(entity), 5, () -> entity + " was published though it could not be read");
            require(parents(pass.entity()).noneMatch(failed.get(life.id)::contains), 8,
                    () -> entity + " was published without the parents that could not be read");
            countsAddUp(life, entity, counts.get(entity));
            rowsAreRight(life, hub.table(entity));
        }
        people.areHeard(before);
        if (!life.isSingle()) {
            passes.forEach(pass -> slips(life, pass));
        }
        marksCoverWhatIsDone();
        pushes.published();
        remember(hub.snapshots.size());
        latestStand();
    }

    private void remember(int latest) {
        Map<String, Map<Long, Document>> now = new HashMap<>();
        hub.tables.keySet().forEach(entity -> now.put(entity, hub.asOf(entity, latest)));
        if (latest > snapshots.size()) {
            snapshots.add(now);
        }
    }

    private void versionsAreKept(MemoryHub.Table table) {
        for (Row row : table.byId.values()) {
            Row was = before.get(table.entity.name()).get(row.id);
            if (was != null && was.revision != row.revision) {
                versionIsKept(table, row, was);
                neverOlder(table.entity.name(), row);
            }
        }
    }

    private void versionIsKept(MemoryHub.Table table, Row row, Row was) {
        boolean content = was == null || !was.document.equals(row.document) || was.deleted != row.deleted;
        require(!content || row.snapshot == hub.snapshots.size(), 20, () -> row.key + " has new content and an old snapshot");
        // What is agreed counts as a revision of its own before the same publish names a parent anew, and says the same.
        require(was == null || !content || table.history.stream().anyMatch(past -> past.row() == row.id && past.revision() >= was.revision
                && past.to() == hub.snapshots.size() && past.document().equals(was.document)), 19,
                () -> "what " + row.key + " said before is not in history");
    }

    private static java.util.stream.Stream<String> parents(EntityConfig entity) {
        return entity.shape().fields().stream().map(Field::references).filter(name -> name != null);
    }

    /** Pages that drift under a reader who cannot know it hide records from him; a whole read without a slip finds them again. */
    private void slips(Ledger.Life life, SimulatedPass pass) {
        String entity = pass.entity().name();
        if (story.world.slippedSince(entity, life.began)) {
            slipped.add(entity);
        } else if (pass.isWhole() && pass.mark() != null && pass.mark().equals(story.ledger.marks.get(entity))) {
            slipped.remove(entity);
        }
    }

    private void countsAddUp(Ledger.Life life, String entity, Map<Outcome, Long> staged) {
        long came = 0;
        long counted = staged.values().stream().mapToLong(Long::longValue).sum();
        for (Ledger.Kept kept : life.progress.get(entity).pages) {
            came += kept.delivered();
            counted += kept.counted().values().stream().mapToLong(Integer::longValue).sum();
        }
        long delivered = came;
        long outcomes = counted;
        require(delivered == outcomes, 3, () -> entity + ": " + delivered + " records came and " + outcomes + " were counted");
    }

    private void rowsAreRight(Ledger.Life life, MemoryHub.Table table) {
        String entity = table.entity.name();
        int deletes = 0;
        for (Row row : table.byId.values()) {
            Row was = before.get(entity).get(row.id);
            require(row.snapshot >= 0 && row.snapshot <= hub.snapshots.size(), 20, () -> row.key + " points to a snapshot that is not there");
            if (was != null && was.revision == row.revision) {
                continue;
            }
            boolean goes = row.deleted && !row.deletedHere && was != null && !was.deleted;
            versionIsKept(table, row, was);
            require(!goes || story.world.wasGoneSince(entity, row.key, life.began), 6, () -> row.key + " was deleted though it was there all the time");
            require(was != null || row.deleted || parentIsThere(table.entity, row), 8, () -> row.key + " was made without its parent");
            neverOlder(entity, row);
            deletes += goes ? 1 : 0;
        }
        if (!life.isSingle()) {
            brakeHeld(life, table.entity, deletes);
        }
    }

    private boolean parentIsThere(EntityConfig entity, Row row) {
        int parent = entity.shape().position("parent");
        return parent < 0 || !(entity.shape().values(row.document)[parent] instanceof String key) || hub.table("groups").byKey.containsKey(key);
    }

    private void neverOlder(String entity, Row row) {
        if (row.key == null) {
            return;
        }
        int floor = shownAtLeast.getOrDefault(row.key, 0);
        int newest = 0;
        int oldest = Integer.MAX_VALUE;
        for (Version version : story.world.versions(entity, row.key)) {
            boolean same = row.isGoneThere() ? !version.isThere() : version.isThere() && version.shown().isFit()
                    && Arrays.equals(version.shown().hash(), row.agreed);
            if (same) {
                newest = version.number();
                oldest = version.number() >= floor ? Math.min(oldest, version.number()) : oldest;
            }
        }
        int last = newest;
        require(last > 0, 9, () -> row.key + " agrees to what the source never showed");
        require(last >= floor, 9, () -> row.key + " went back to change " + last + " from change " + floor);
        shownAtLeast.put(row.key, oldest);
    }

    private void brakeHeld(Ledger.Life life, EntityConfig entity, int deletes) {
        Brakes seen = brakes.get(life.id + entity.name());
        require(deletes == 0 || !seen.empty, 7, () -> "an empty answer deleted " + deletes + " of " + entity.name());
        boolean tooMany = deletes > entity.brake().rows() || deletes > 5 && deletes * 100L > seen.live * entity.brake().percent();
        require(!tooMany, 7, () -> deletes + " of " + seen.live + " of " + entity.name() + " were deleted");
    }

    /** Promise 2: what is older than the next incremental run asks for has its final outcome. */
    private void marksCoverWhatIsDone() {
        for (MemoryHub.Table table : hub.tables.values()) {
            String entity = table.entity.name();
            Instant mark = story.ledger.marks.get(entity);
            if (!story.setting.increments() || mark == null || slipped.contains(entity)) {
                continue;
            }
            Instant from = mark.minusSeconds(story.setting.overlap());
            for (String key : story.world.keys(entity)) {
                Version version = story.world.visible(entity, key);
                boolean waits = version != null && version.shown() != null && version.modified().isBefore(from);
                require(!waits || Outcomes.isFinal(table, version), 2, () -> "the mark of " + entity + " has passed change " + version.number() + " of " + key);
            }
        }
    }

    /** What was changed in the past stays so, and is found in the end at the latest. */
    private void latestStand() {
        snapshotsStand(snapshots.size() % LOOKS_BACK == 0 ? 1 : Math.max(1, snapshots.size() - 1));
    }

    private void snapshotsStand(int from) {
        for (int number = from; number <= snapshots.size(); number++) {
            for (String entity : hub.tables.keySet()) {
                int then = number;
                require(snapshots.get(number - 1).get(entity).equals(hub.asOf(entity, number)), 19, () -> entity + " as of snapshot " + then + " has changed");
            }
        }
    }

    @Override
    public void calm() {
        snapshotsStand(1);
        story.ledger.runs.values().forEach(life -> require(life.ended != null, 23, () -> "run " + life.id + " never ended"));
        people.isAllKept();
        for (MemoryHub.Table table : hub.tables.values()) {
            String entity = table.entity.name();
            for (String key : story.world.keys(entity)) {
                Version version = story.world.visible(entity, key);
                boolean unprovable = version.shown() == null && story.world.isUnprovable(entity);
                require(unprovable || !version.isReadable() && version.shown() != null || Outcomes.isFinal(table, version), 2,
                        () -> "change " + version.number() + " of " + key + " never arrived");
                Row row = table.byKey.get(key);
                boolean plain = row != null && version.isThere() && version.isReadable() && version.shown().isFit() && row.base == null && row.conflict == null
                        && Arrays.equals(row.agreed, version.shown().hash());
                require(!plain || !row.deleted && row.document.equals(version.shown().document()), 2, () -> key + " is not what the source says");
            }
            for (Row.Entry entry : table.attention) {
                require(!entry.kind.equals("parked") || !Outcomes.hasParents(hub, table.entity, entry.document), 8,
                        () -> entry.key + " still waits, and its parent is there");
            }
        }
    }

    static void require(boolean kept, int promise, java.util.function.Supplier<String> how) {
        if (!kept) {
            throw new Broken(promise, how.get());
        }
    }
}
