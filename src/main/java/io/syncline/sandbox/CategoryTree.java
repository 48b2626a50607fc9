package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** A tree of categories, four deep: trade, group, kind, brand. */
final class CategoryTree {
    private final Records records;
    private final SplittableRandom random;
    private final Instant createdOn;

    CategoryTree(Records records, SplittableRandom random, Instant createdOn) {
        this.records = records;
        this.random = random;
        this.createdOn = createdOn;
    }

    /**
     * Some of the deepest are inactive and have never been anything else, so nothing stands in them.
     *
     * @return the ids of the active ones, roots first
     */
    List<Long> grow(String type, long firstId, int count) {
        List<String> trades = Vocabulary.TRADES.stream().map(Vocabulary.Trade::name).toList();
        List<String> kinds = type.equals("Services") ? Vocabulary.SERVICE_KINDS : Vocabulary.MATERIAL_KINDS;
        int groups = Math.min(40, count / 2);
        int roots = Math.min(trades.size(), Math.max(1, count / 4));
        int thirds = Math.min(200, (count - roots - groups) * 7 / 10);

        List<Long> all = new ArrayList<>();
        List<Long> above = level(type, firstId, roots, nullParents(roots), trades, all);
        Map<Long, String> tradeOf = new LinkedHashMap<>();
        above.forEach(id -> tradeOf.put(id, trades.get((int) (id - firstId))));
        above = groups(type, firstId + all.size(), groups, tradeOf, all);
        List<Long> next = level(type, firstId + all.size(), thirds, above, kinds, all);
        deepest(type, firstId + all.size(), count - all.size(), next.isEmpty() ? above : next, all);
        return all;
    }

    private List<Long> groups(String type, long firstId, int count, Map<Long, String> trades, List<Long> all) {
        List<Long> parents = List.copyOf(trades.keySet());
        List<Long> ids = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            long parent = parents.get(at % parents.size());
            List<String> names = Vocabulary.TRADES.stream().filter(trade -> trade.name().equals(trades.get(parent))).findFirst().orElseThrow().groups();
            int turn = at / parents.size();
            ids.add(add(firstId + at, parent, name(names, turn), type, turn + 1));
        }
        all.addAll(ids);
        return ids;
    }

    private List<Long> level(String type, long firstId, int count, List<Long> parents, List<String> names, List<Long> all) {
        List<Long> ids = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            int turn = at / parents.size();
            Long parent = parents.get(at % parents.size());
            ids.add(add(firstId + at, parent, name(names, parent == null ? at : turn), type, turn + 1));
        }
        all.addAll(ids);
        return ids;
    }

    private void deepest(String type, long firstId, int count, List<Long> parents, List<Long> active) {
        for (int at = 0; at < count; at++) {
            int turn = at / parents.size();
            ObjectNode node = node(firstId + at, parents.get(at % parents.size()), name(Vocabulary.MAKERS, turn), type, turn + 1);
            if (random.nextInt(4) == 0) {
                node.put("active", false);
            } else {
                active.add(firstId + at);
            }
            records.put(Entity.CATEGORIES, node, createdOn, createdOn);
        }
    }

    private long add(long id, Long parent, String name, String type, int position) {
        records.put(Entity.CATEGORIES, node(id, parent, name, type, position), createdOn, createdOn);
        return id;
    }

    static ObjectNode node(long id, Long parent, String name, String type, int position) {
        ObjectNode node = JsonText.object().put("id", id).put("name", name).put("active", true);
        node.put("description", name + " (" + type.toLowerCase(Locale.ROOT) + ")").putNull("image");
        if (parent == null) {
            node.putNull("parentId");
        } else {
            node.put("parentId", parent);
        }
        node.put("position", position).put("categoryType", type);
        node.putArray("businessUnitIds");
        node.putArray("skuImages");
        node.putArray("skuVideos");
        return node.putNull("source").putNull("externalId");
    }

    private static List<Long> nullParents(int count) {
        List<Long> parents = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            parents.add(null);
        }
        return parents;
    }

    private static String name(List<String> names, int turn) {
        String name = names.get(turn % names.size());
        return turn < names.size() ? name : name + " " + (turn / names.size() + 1);
    }
}
