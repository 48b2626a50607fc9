package io.syncline.sandbox;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The caseload as it stands, and the order in which cases changed, for deltas. */
final class SapData {
    private final TreeMap<String, SapCase> cases = new TreeMap<>();
    private final List<String> log = new ArrayList<>();
    private final List<ItemKey> itemLog = new ArrayList<>();
    private List<SapTeam> teams = List.of();
    private int made;
    private int forgotten;
    private int forgottenItems;

    record ItemKey(String caseId, int number) {
    }

    synchronized void fill(long seed, int size, Instant now) {
        cases.clear();
        forgotten = 0;
        forgottenItems = 0;
        teams = SapFactory.teams();
        SapFactory factory = new SapFactory(new SplittableRandom(seed));
        Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
        for (made = 0; made < size; made++) {
            // Many share one change time, as after a nightly batch.
            put(factory.made(made, seconds.minus(1 + (size - made) / 50, ChronoUnit.HOURS)));
        }
        log.clear();
        itemLog.clear();
    }

    synchronized List<SapCase> cases() {
        return List.copyOf(cases.values());
    }

    synchronized Optional<SapCase> find(String id) {
        return Optional.ofNullable(cases.get(id));
    }

    synchronized List<SapTeam> teams() {
        return teams;
    }

    synchronized void put(SapCase changed) {
        log.add(changed.id());
        replace(changed.id(), changed);
    }

    /** Tells the items that came, went or are no longer the same. */
    private void replace(String id, SapCase now) {
        SapCase before = now == null ? cases.remove(id) : cases.put(id, now);
        List<SapCase.Item> then = before == null ? List.of() : before.items();
        List<SapCase.Item> items = now == null ? List.of() : now.items();
        Stream.concat(then.stream().filter(item -> !items.contains(item)), items.stream().filter(item -> !then.contains(item)))
                .mapToInt(SapCase.Item::number).distinct().forEach(number -> itemLog.add(new ItemKey(id, number)));
    }

    synchronized boolean remove(String id) {
        boolean there = cases.containsKey(id);
        if (there) {
            replace(id, null);
            log.add(id);
        }
        return there;
    }

    /** Where the log stands: what comes behind it is the delta. */
    synchronized int mark() {
        return log.size();
    }

    synchronized int itemMark() {
        return itemLog.size();
    }

    /** The items that changed between the marks; null where that is forgotten. */
    synchronized Set<ItemKey> itemsBetween(int mark, int end) {
        return mark < forgottenItems || end < mark || end > itemLog.size() ? null : new LinkedHashSet<>(itemLog.subList(mark, end));
    }

    /** What changed between the marks, by id, each as it stands or empty where it is gone; null where that is forgotten. */
    synchronized Map<String, Optional<SapCase>> between(int mark, int end) {
        if (mark < forgotten || end < mark || end > log.size()) {
            return null;
        }
        Map<String, Optional<SapCase>> changes = new LinkedHashMap<>();
        log.subList(mark, end).forEach(id -> changes.put(id, find(id)));
        return changes;
    }

    /** No delta link that was given out so far is worth anything any more. */
    synchronized void forget() {
        forgotten = log.size() + 1;
        log.add("");
        forgottenItems = itemLog.size() + 1;
        itemLog.add(new ItemKey("", 0));
    }

    synchronized List<SapMutation> mutate(long seed, int count, Instant now) {
        SplittableRandom random = new SplittableRandom(seed);
        SapFactory factory = new SapFactory(random);
        Instant at = now.truncatedTo(ChronoUnit.SECONDS);
        List<SapMutation> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> ids = new ArrayList<>(cases.keySet());
            int kind = ids.isEmpty() ? 0 : random.nextInt(20);
            SapCase given = ids.isEmpty() ? null : cases.get(ids.get(random.nextInt(ids.size())));
            done.add(kind < 3 ? create(factory, at) : kind < 5 ? delete(given) : kind < 7 ? touch(given, at) : kind < 9 ? changeItem(factory, given, at)
                    : update(factory, random, given, at));
        }
        return done;
    }

    synchronized String create(long seed, Instant now) {
        return create(new SapFactory(new SplittableRandom(seed)), now.truncatedTo(ChronoUnit.SECONDS)).id();
    }

    private SapMutation create(SapFactory factory, Instant at) {
        SapCase created = factory.made(made++, at);
        put(created);
        return new SapMutation(SapMutation.Kind.CREATED, created.id());
    }

    private SapMutation delete(SapCase given) {
        remove(given.id());
        return new SapMutation(SapMutation.Kind.DELETED, given.id());
    }

    private SapMutation touch(SapCase given, Instant at) {
        put(given.changed(given.status(), given.priority(), given.claim(), given.address(), at));
        return new SapMutation(SapMutation.Kind.TOUCHED, given.id());
    }

    private SapMutation changeItem(SapFactory factory, SapCase given, Instant at) {
        List<SapCase.Item> items = new ArrayList<>(given.items());
        items.add(factory.item(items.stream().mapToInt(SapCase.Item::number).max().orElse(0) + 1, LocalDate.ofInstant(at, ZoneOffset.UTC)));
        replace(given.id(), given.with(List.copyOf(items)));
        return new SapMutation(SapMutation.Kind.ITEM_CHANGED, given.id());
    }

    private SapMutation update(SapFactory factory, SplittableRandom random, SapCase given, Instant at) {
        String status = SapFactory.STATUSES.get((SapFactory.STATUSES.indexOf(given.status()) + 1) % SapFactory.STATUSES.size());
        put(given.changed(status, random.nextInt(1, 5), factory.claim(), random.nextInt(3) == 0 ? factory.address() : given.address(), at));
        return new SapMutation(SapMutation.Kind.UPDATED, given.id());
    }
}
