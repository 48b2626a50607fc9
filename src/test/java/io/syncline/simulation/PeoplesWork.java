package io.syncline.simulation;

import io.syncline.record.Document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import static io.syncline.simulation.PromiseOracle.require;

/** Promises 4 and 18: what people wrote is there, or it is kept where they find it. Every value they write is one that nobody else writes. */
final class PeoplesWork {
    private final MemoryHub hub;
    private final Story story;
    private final Map<Place, String> standing = new HashMap<>();
    private final Map<Place, Integer> deletions = new HashMap<>();
    private final Map<Place, Integer> seen = new HashMap<>();
    private final Map<Place, String> notes = new HashMap<>();
    private final List<Place> written = new ArrayList<>();

    /** A field of a row, or a value once written to it; the whole row where it is null. */
    private record Place(String entity, Row row, String field) {
        String key() {
            return row.key == null ? row.document.toString() : row.key;
        }
    }

    PeoplesWork(MemoryHub hub, Story story) {
        this.hub = hub;
        this.story = story;
    }

    void edited(String entity, String key, String field, String value, boolean own) {
        Place place = new Place(entity, hub.row(entity, key), field);
        if (own) {
            standing.put(place, value);
            written.add(new Place(entity, hub.row(entity, key), value));
        } else {
            standing.remove(place);
        }
    }

    void deleted(String entity, String key, boolean deleted) {
        Place place = new Place(entity, hub.row(entity, key), null);
        if (deleted && !place.row.isGoneThere()) {
            deletions.put(place, settled(place));
            seen.put(place, seen(place));
        } else {
            deletions.remove(place);
        }
    }

    void noted(String entity, String key, String text) {
        notes.put(new Place(entity, hub.row(entity, key), null), text);
    }

    /** After each publish. */
    void areHeard(Map<String, Map<Long, Row>> before) {
        for (Iterator<Map.Entry<Place, String>> each = standing.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Place, String> one = each.next();
            Place place = one.getKey();
            Row row = place.row;
            Row was = before.get(place.entity).get(row.id);
            require(isSameRow(place), 1, () -> place.key() + " has become another row");
            boolean goes = row.deleted && !row.deletedHere && !was.deleted;
            boolean lost = !says(row.document, one.getValue());
            if ((goes || lost) && wasSaidThere(place, one.getValue()) || was.deleted && was.deletedHere && lost) {
                // Both sides had agreed to it, or its row had been given up by somebody, so it went with the row.
                each.remove();
            } else if (goes || !says(row.document, one.getValue())) {
                require(isLogged(place, one.getValue()), 4, () -> one.getValue() + " on " + place.key() + " was overwritten in silence");
                each.remove();
            }
        }
        for (Iterator<Map.Entry<Place, Integer>> each = deletions.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Place, Integer> one = each.next();
            Place place = one.getKey();
            require(isSameRow(place), 1, () -> place.key() + " has become another row");
            if (!place.row.deleted) {
                require(settled(place) > one.getValue() || wasGoneAfter(place, seen.get(place)), 4,
                        () -> place.key() + " was deleted by somebody and returned in silence");
                each.remove();
            }
        }
        notes.forEach((place, text) -> require(text.equals(place.row.note), 18, () -> "the note on " + place.key() + " is gone"));
    }

    /** Every value that somebody ever wrote is found somewhere. */
    void isAllKept() {
        for (Place place : written) {
            MemoryHub.Table table = hub.table(place.entity);
            Set<Document> all = new HashSet<>();
            Row row = place.row;
            all.add(row.document);
            table.history.stream().filter(past -> past.row() == row.id).forEach(past -> all.add(past.document()));
            require(all.stream().anyMatch(document -> says(document, place.field)), 4, () -> place.field + " on " + place.key() + " is nowhere to be found");
        }
    }

    private boolean isSameRow(Place place) {
        return place.row.key == null || hub.table(place.entity).byKey.get(place.row.key) == place.row;
    }

    /** The number of the change that was agreed when somebody deleted it; a later one may say the same. */
    private int seen(Place place) {
        Row row = place.row;
        return versions(place).stream().filter(version -> version.isThere() && version.shown().isFit()
                && Arrays.equals(version.shown().hash(), row.agreed) && (row.version == null || row.version.equals(version.shown().version())))
                .mapToInt(Version::number).max().orElse(0);
    }

    /** The source had it no more then, so both had deleted it, and what it has since is new. */
    private boolean wasGoneAfter(Place place, int change) {
        return versions(place).stream().anyMatch(version -> version.number() > change && !version.isThere());
    }

    private List<Version> versions(Place place) {
        return Stream.concat(place.row.formerKeys.stream(), Stream.ofNullable(place.row.key))
                .flatMap(key -> story.world.versions(place.entity, key).stream()).sorted(Comparator.comparing(Version::number)).toList();
    }

    /** The source said it, and says something else since, so whoever changed that there had seen it. */
    private boolean wasSaidThere(Place place, String value) {
        List<Version> versions = versions(place);
        for (int i = 0; i < versions.size(); i++) {
            if (isSaid(versions.get(i), value)) {
                return versions.subList(i, versions.size()).stream().anyMatch(later -> !isSaid(later, value));
            }
        }
        return false;
    }

    private static boolean isSaid(Version version, String value) {
        return version.isThere() && version.shown().isFit() && says(version.shown().document(), value);
    }

    private boolean isLogged(Place place, String value) {
        return hub.table(place.entity).conflicts.stream().anyMatch(conflict -> conflict.row == place.row.id && conflict.settled != null
                && says(conflict.ours, value));
    }

    private int settled(Place place) {
        return (int) hub.table(place.entity).conflicts.stream().filter(conflict -> conflict.row == place.row.id && conflict.settled != null).count();
    }

    private static boolean says(Document document, String value) {
        return document.text().contains('"' + value + '"') || document.text().contains('"' + value + WorldDoor.NORMALISED + '"');
    }
}
