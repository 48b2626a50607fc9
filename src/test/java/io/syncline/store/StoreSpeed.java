package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures the store without reading or mapping: run its main. Not a test, because timings are no truth. */
final class StoreSpeed {
    private static final int RECORDS = 100_000;
    private static final int PAGE = 500;

    private StoreSpeed() {
    }

    public static void main(String[] arguments) {
        for (int round = 0; round < 3; round++) {
            Store store = new Store(Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT),
                    Store.field("description", FieldType.TEXT), Store.field("price", FieldType.DECIMAL), Store.field("cost", FieldType.DECIMAL),
                    Store.field("active", FieldType.BOOLEAN), Store.field("hours", FieldType.DECIMAL), Store.field("changed", FieldType.TIMESTAMP),
                            Store.field("sku", FieldType.TEXT))));
            pass(store, "load", observed(store, 0));
            List<Observed> all = observed(store, 0);
            pass(store, "unchanged", all);
            List<Observed> some = observed(store, 100);
            pass(store, "1 % updated", some);
            pass(store, "all updated", observed(store, 1));
            long begin = System.nanoTime();
            store.chain.firstBroken("pricebook", "default").ifPresent(broken -> System.out.println("MEASURE broken " + broken));
            System.out.println("MEASURE verify " + (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static List<Observed> observed(Store store, int everyChanged) {
        List<Observed> all = new ArrayList<>(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            int price = everyChanged > 0 && i % everyChanged == 0 ? i + everyChanged : i;
            all.add(store.observed("items", "{id: " + (1_000_000 + i) + ", name: 'Product number " + i
                    + "', description: 'A thing of some quality, made for people who need it " + i
                    + "', price: " + price + ".50, cost: 12.25, active: true, hours: 1.5, changed: '2026-01-01T10:00:00Z', sku: 'SKU-" + i
                            + "', modified: '2026-01-01T10:00:00.123456Z'}"));
        }
        return all;
    }

    private static void pass(Store store, String name, List<Observed> observed) {
        EntityConfig entity = store.entity("items");
        Classifier classifier = store.classifier(entity);
        long run = store.open();
        long lookups = 0;
        long begin = System.nanoTime();
        for (int from = 0, number = 1; from < observed.size(); from += PAGE, number++) {
            List<Observed> page = observed.subList(from, from + PAGE);
            long at = System.nanoTime();
            Map<String, Stored> stored = store.states.find(store.sync, entity, "default", page.stream().map(Observed::key).toList());
            lookups += System.nanoTime() - at;
            List<Change> changes = new ArrayList<>();
            long[] seen = new long[page.size()];
            int known = 0;
            for (Observed one : page) {
                Stored before = stored.get(one.key());
                Change change = classifier.classify(one, before);
                if (before != null) {
                    seen[known++] = before.rowId();
                }
                if (change.outcome() != io.syncline.change.Outcome.UNCHANGED) {
                    changes.add(change);
                }
            }
            store.staging.stage(new StagedPage(run, store.sync, entity, "default", number, changes, java.util.Arrays.copyOf(seen, known)), () -> { });
        }
        long staged = System.nanoTime();
        store.staging.analyze(run, store.sync);
        long analyzed = System.nanoTime();
        List<Absences.Absent> absent = store.absences.next(run, store.sync, entity, "default", null, 500);
        long judged = System.nanoTime();
        StringBuilder steps = new StringBuilder();
        long[] last = {System.nanoTime()};
        String[] step = {"begin"};
        store.publisher.observedBy(next -> {
            long now = System.nanoTime();
            if (now - last[0] > 5_000_000) {
                steps.append(' ').append(step[0]).append('=').append((now - last[0]) / 1_000_000);
            }
            step[0] = next;
            last[0] = now;
        });
        store.publish(run);
        long published = System.nanoTime();
        System.out.printf("MEASURE %s: %d ms = lookups %d + rest of staging %d, analyze %d, absences %d (%d), publish %d (%s; %s to commit %d)%n", name,
                (published - begin) / 1_000_000,
                lookups / 1_000_000, (staged - begin - lookups) / 1_000_000, (analyzed - staged) / 1_000_000, (judged - analyzed) / 1_000_000, absent.size(),
                (published - judged) / 1_000_000, steps.toString().trim(), step[0], (published - last[0]) / 1_000_000);
        store.staging.drop(run, store.sync);
    }
}
