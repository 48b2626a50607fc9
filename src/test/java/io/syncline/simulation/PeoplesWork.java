package io.syncline.simulation;

import io.syncline.record.Document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.syncline.simulation.PromiseOracle.require;

/** Promises 4 and 18: what people wrote is there, or it is kept where they find it. Every value they write is one that nobody else writes. */
final class PeoplesWork {
    private final MemoryHub hub;
    private final Story story;
    private final Map<Place, String> standing = new HashMap<>();
    private final Map<Place, Integer> deletions = new HashMap<>();
    private final Map<Place, Long> deletedAt = new HashMap<>();
    private final Map<Place, String> notes = new HashMap<>();
    private final List<Place> written = new ArrayList<>();

    /** A field of a row, or a value once written to it; the whole row where it is null. */
    private record Place(String entity, String key, String field) {
    }

    PeoplesWork(MemoryHub hub, Story story) {
        this.hub = hub;
        this.story = story;
    }

    void edited(String entity, String key, String field, String value, boolean own) {
        Place place = new Place(entity, key, field);
        if (own) {
            standing.put(place, value);
            written.add(new Place(entity, key, value));
        } else {
            standing.remove(place);
        }
    }

    void deleted(String entity, String key, boolean deleted) {
        Place place = new Place(entity, key, null);
        if (deleted) {
            deletions.put(place, settled(place));
            deletedAt.put(place, story.clock.second());
        } else {
            deletions.remove(place);
        }
    }

    void noted(String entity, String key, String text) {
        notes.put(new Place(entity, key, null), text);
    }

    /** After each publish. */
    void areHeard(Map<String, Map<Long, Row>> before) {
        for (Iterator<Map.Entry<Place, String>> each = standing.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Place, String> one = each.next();
            Place place = one.getKey();
            Row row = row(place);
            Row was = before.get(place.entity).get(row.id);
            require(was != null, 1, () -> place.key + " has become another row");
            boolean goes = row.deleted && !row.deletedHere && !was.deleted;
            boolean agreed = was.key != null && was.base == null && was.conflict == null;
            boolean lost = !says(row.document, one.getValue());
            if (agreed && (goes || lost) || was.deleted && was.deletedHere && lost) {
                // Both sides had agreed to it, or its row had been given up by somebody, so it went with the row.
                each.remove();
            } else if (goes || !says(row.document, one.getValue())) {
                require(isLogged(place, one.getValue()), 4, () -> one.getValue() + " on " + place.key + " was overwritten in silence");
                each.remove();
            }
        }
        for (Iterator<Map.Entry<Place, Integer>> each = deletions.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Place, Integer> one = each.next();
            Place place = one.getKey();
            require(before.get(place.entity).containsKey(row(place).id), 1, () -> place.key + " has become another row");
            if (!row(place).deleted) {
                require(settled(place) > one.getValue() || before.get(place.entity).get(row(place).id).isGoneThere()
                        || story.world.wasGoneSince(place.entity, place.key, deletedAt.get(place)), 4,
                        () -> place.key + " was deleted by somebody and returned in silence");
                each.remove();
            }
        }
        notes.forEach((place, text) -> require(text.equals(row(place).note), 18, () -> "the note on " + place.key + " is gone"));
    }

    /** Every value that somebody ever wrote is found somewhere. */
    void isAllKept() {
        for (Place place : written) {
            MemoryHub.Table table = hub.table(place.entity);
            Set<Document> all = new HashSet<>();
            Row row = row(place);
            all.add(row.document);
            table.history.stream().filter(past -> past.row() == row.id).forEach(past -> all.add(past.document()));
            require(all.stream().anyMatch(document -> says(document, place.field)), 4, () -> place.field + " on " + place.key + " is nowhere to be found");
        }
    }

    private Row row(Place place) {
        return hub.row(place.entity, place.key);
    }

    private boolean isLogged(Place place, String value) {
        return hub.table(place.entity).conflicts.stream().anyMatch(conflict -> conflict.row == row(place).id && conflict.settled != null
                && says(conflict.ours, value));
    }

    private int settled(Place place) {
        return (int) hub.table(place.entity).conflicts.stream().filter(conflict -> conflict.row == row(place).id && conflict.settled != null).count();
    }

    private static boolean says(Document document, String value) {
        return document.text().contains('"' + value + '"') || document.text().contains('"' + value + WorldDoor.NORMALISED + '"');
    }
}
