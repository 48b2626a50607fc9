package io.syncline.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has to fit between a sync's entity and how its resource is written: whatever people may edit can be sent, and no two fields meet in one place. */
final class SyncWriteRules {
    private final Yaml sync;
    private final Map<String, Yaml> systems;
    private final Mistakes mistakes;

    SyncWriteRules(Yaml sync, Map<String, Yaml> systems, Mistakes mistakes) {
        this.sync = sync;
        this.systems = systems;
        this.mistakes = mistakes;
    }

    void entity(String name, Yaml entity) {
        Map<String, Yaml> fields = entity.get("fields").members();
        entity.get("match").each().forEach(field -> match(field, fields));
        fields.values().forEach(this::excerpt);
        Yaml system = systems.get(sync.get("system").text());
        if (system == null) {
            return;
        }
        Yaml resource = system.get("source").get("resources").get(resource(name, entity));
        Yaml writes = resource.get("writes");
        boolean written = writes.is(Yaml.Kind.MAP) && !SystemBuilder.isReadOnly(system) && !entity.get("access").text().equals("read-only");
        if (!written) {
            nothingIsWritten(fields, entity, resource);
            return;
        }
        List<Place> places = new ArrayList<>();
        fields.forEach((field, declared) -> place(field, declared, entity, places));
        noTwoMeet(places, writes);
        Yaml create = writes.get("create");
        if (create.is(Yaml.Kind.MAP)) {
            create(create, entity, places);
        }
        for (String write : List.of("create", "update", "delete", "restore")) {
            templates(writes.get(write).get("body"), fields, name, Set.of("id"));
        }
        templates(writes.get("find"), fields, name, Set.of("sentAt"));
    }

    /** The dotted paths at which fields of a sync are written to a resource. */
    static List<String> written(Yaml sync, String resource) {
        List<String> paths = new ArrayList<>();
        sync.get("entities").members().forEach((name, entity) -> {
            if (resource(name, entity).equals(resource) && !entity.get("access").text().equals("read-only")) {
                entity.get("fields").members().forEach((field, declared) -> paths.add(declared.get("to").is(Yaml.Kind.TEXT) ? declared.get("to").text()
                        : from(sync, field, declared)));
            }
        });
        return paths.stream().filter(path -> !path.equals(SyncBuilder.NOWHERE)).toList();
    }

    private static String resource(String name, Yaml entity) {
        return entity.has("resource") ? entity.get("resource").text() : name;
    }

    private static String from(Yaml sync, String name, Yaml field) {
        return field.has("from") ? field.get("from").text() : FieldNames.inSource(name, sync.has("fieldNames") ? sync.get("fieldNames").text() : "as-is");
    }

    /** Where a field is written. */
    private record Place(String field, String path, Yaml at) {
    }

    private void match(Yaml match, Map<String, Yaml> fields) {
        Yaml field = fields.get(match.text());
        if (match.is(Yaml.Kind.TEXT) && field == null) {
            mistakes.unknown(match, "a field of this entity", fields.keySet());
        } else if (field != null && type(field).equals("json")) {
            mistakes.add(match, Mistakes.quoted(match.text()) + " is json, by which nothing can be found.", "Write fields of other types.");
        } else if (field != null && field.get("to").text().equals(SyncBuilder.NOWHERE)) {
            mistakes.add(match, Mistakes.quoted(match.text()) + " is never written, so a record that was created here could not be known by it.",
                    "Write fields that are written.");
        }
    }

    private void excerpt(Yaml field) {
        for (String excerpt : List.of("each", "keep")) {
            if (field.has(excerpt) && !type(field).equals("json")) {
                mistakes.add(field.get(excerpt), "only json has members to choose from.", "Write type: json, or leave it out.");
            }
        }
        if (field.has("each") && field.has("keep")) {
            mistakes.add(field.get("keep"), "each takes one member of each item, and nothing is left to choose from.", "Leave one of them out.");
        }
    }

    private void nothingIsWritten(Map<String, Yaml> fields, Yaml entity, Yaml resource) {
        fields.values().forEach(field -> {
            if (field.get("to").is(Yaml.Kind.TEXT) && !field.get("to").text().equals(SyncBuilder.NOWHERE)) {
                mistakes.add(field.get("to"), "nothing of this entity is written to " + sync.get("system").text() + ".", resource.has("writes")
                        ? "Leave it out, or write access: read-write in the entity and the system."
                        : "Leave it out, or declare writes: in the resource, in config/systems/" + sync.get("system").text() + ".yaml.");
            }
        });
    }

    private void place(String name, Yaml field, Yaml entity, List<Place> places) {
        Yaml to = field.get("to");
        if (to.text().equals(SyncBuilder.NOWHERE)) {
            return;
        }
        String from = from(sync, name, field);
        String path = to.is(Yaml.Kind.TEXT) ? to.text() : from;
        if (List.of(path.split("\\.")).stream().anyMatch(segment -> segment.matches("[0-9]+"))) {
            mistakes.add(to.is(Yaml.Kind.TEXT) ? to : field, "is read " + (to.is(Yaml.Kind.TEXT) ? "here and written at " : "from ") + Mistakes.quoted(path)
                    + ", and a place in a list cannot be written.", "Write to: nowhere, or to: with a path without numbers.");
            return;
        }
        if (to.is(Yaml.Kind.ABSENT) && isOfTheSystem(from, entity)) {
            mistakes.add(field, "holds what the system says of the record itself, which nobody can write.", "Write to: nowhere beside from: " + from + ".");
            return;
        }
        places.add(new Place(name, path, to.is(Yaml.Kind.TEXT) ? to : field));
    }

    private boolean isOfTheSystem(String from, Yaml entity) {
        Yaml modified = entity.get("modifiedAt");
        return entity.get("key").texts().contains(from) || from.equals(entity.get("version").text())
                || from.equals(modified.is(Yaml.Kind.MAP) ? modified.get("path").text() : modified.text())
                || from.equals(entity.get("deletedWhen").get("path").text());
    }

    private void noTwoMeet(List<Place> places, Yaml writes) {
        Set<String> fixed = new HashSet<>();
        for (String write : List.of("create", "update", "restore")) {
            fixed.addAll(writes.get(write).get("body").members().keySet());
        }
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            if (fixed.contains(place.path().split("\\.")[0])) {
                mistakes.add(place.at(), "is written to " + Mistakes.quoted(place.path()) + ", which a body in config/systems/" + sync.get("system").text()
                        + ".yaml sets as well.", "Write to: nowhere here, or leave the member out there.");
            }
            for (Place other : places.subList(0, i)) {
                if (meet(place.path(), other.path())) {
                    mistakes.add(place.at(), "is written to " + Mistakes.quoted(place.path()) + ", where " + other.field() + " is written as well.",
                            "Write to: nowhere in one of them.");
                }
            }
        }
    }

    private static boolean meet(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    private void create(Yaml create, Yaml entity, List<Place> places) {
        if (!entity.has("match")) {
            // Promise 12: a create whose answer was lost is looked for before it is sent again.
            mistakes.add(entity, "records can be created, and one whose answer was lost could be found by nothing.",
                    "Write match: with the fields that a record is known by, or leave create out of config/systems/" + sync.get("system").text() + ".yaml.");
        }
        for (Yaml required : create.get("requires").each()) {
            boolean sent = create.get("body").has(required.text().split("\\.")[0]) || places.stream().anyMatch(place -> place.path().equals(required.text()));
            if (!sent) {
                mistakes.add(entity, "no field is written to " + Mistakes.quoted(required.text()) + ", which " + sync.get("system").text()
                        + " requires of a record that is created.",
                        "Add a field that is, or leave create out of config/systems/" + sync.get("system").text() + ".yaml.");
            }
        }
    }

    private void templates(Yaml body, Map<String, Yaml> fields, String entity, Set<String> others) {
        Templates.in(body).forEach((name, at) -> {
            if (name.matches("[a-zA-Z][a-zA-Z0-9_]*") && !others.contains(name) && !fields.containsKey(name)) {
                mistakes.add(sync.get("entities").get(entity), "has no field " + Mistakes.quoted(name) + ", which " + at.where() + " in config/systems/"
                        + sync.get("system").text() + ".yaml names.", "Add the field, or correct the name there.");
            }
        });
    }

    private static String type(Yaml field) {
        return field.is(Yaml.Kind.MAP) ? field.get("type").text() : field.text();
    }
}
