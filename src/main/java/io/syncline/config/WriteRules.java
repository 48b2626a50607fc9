package io.syncline.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the schema cannot say about how a resource is written: whether each write could be sent, checked before and understood afterwards. */
final class WriteRules {
    private static final Set<String> OWN_HEADERS = Set.of("authorization", "host", "content-type", "content-length", "transfer-encoding", "connection",
            "accept", "cookie", "user-agent");

    private final Yaml source;
    private final Mistakes mistakes;

    WriteRules(Yaml source, Mistakes mistakes) {
        this.source = source;
        this.mistakes = mistakes;
    }

    void resource(Yaml resource) {
        Yaml writes = resource.get("writes");
        if (!writes.is(Yaml.Kind.MAP)) {
            return;
        }
        if (!writes.has("create") && !writes.has("update") && !writes.has("delete") && !writes.has("restore")) {
            mistakes.add(writes, "declares no write.", "Write create, update, delete or restore, or leave writes out.");
        }
        for (String overwriting : List.of("update", "delete", "restore")) {
            overwriting(writes.get(overwriting), resource);
        }
        create(writes, resource);
        ownHeader(header(writes.get("idempotencyKey")));
        Yaml ifMatch = writes.get("ifMatch");
        ownHeader(ifMatch.get("header"));
        if (ifMatch.is(Yaml.Kind.MAP) && ifMatch.has("from") == ifMatch.has("fromHeader")) {
            mistakes.add(ifMatch, "does not say where the version comes from.",
                    "Write from: with a path in the record, or fromHeader: with a header such as ETag.");
        }
    }

    private void overwriting(Yaml write, Yaml resource) {
        if (!write.is(Yaml.Kind.MAP)) {
            return;
        }
        if (!resource.has("byId")) {
            // Promise 13: what is written over is read first.
            mistakes.add(write, "a record is read before it is written over, and there is no way to ask for one.", "Write byId: /…/{id} in the resource.");
        }
        namesOneId(write);
        if (write.get("method").text().equals("DELETE") || write.get("method").is(Yaml.Kind.ABSENT) && write.where().endsWith(".delete")) {
            if (write.has("body")) {
                mistakes.add(write.get("body"), "a DELETE has no body.", "Write another method beside it, or leave it out.");
            }
        }
        body(write);
    }

    private void namesOneId(Yaml write) {
        Yaml path = write.get("path");
        int inPath = path.text().split("\\{id}", -1).length - 1;
        boolean inBody = write.has("body") && Templates.in(write.get("body")).containsKey("id");
        if (path.is(Yaml.Kind.TEXT) && (inPath > 1 || inPath == 0 && !inBody)) {
            mistakes.add(path, inPath > 1 ? "names {id} more than once." : "does not say which record is written.",
                    "Write {id} where the key stands, for example /v1/materials/{id}.");
        }
    }

    private void create(Yaml writes, Yaml resource) {
        Yaml create = writes.get("create");
        if (!create.is(Yaml.Kind.MAP)) {
            if (writes.has("find")) {
                mistakes.add(writes.get("find"), "finds a record that was created, and none is.", "Write create: beside it, or leave it out.");
            }
            return;
        }
        if (create.get("path").text().contains("{id}")) {
            mistakes.add(create.get("path"), "a record that is created has no key yet.", "Leave {id} out.");
        }
        body(create);
        Templates.in(create.get("body")).forEach((name, at) -> {
            if (name.equals("id")) {
                mistakes.add(at, "a record that is created has no key yet.", "Leave {id} out.");
            }
        });
        if (writes.get("answer").text().equals("nothing")) {
            if (!create.has("key")) {
                mistakes.add(create, "nothing would tell the new record's key.", "Write key: with where the answer holds it, or answer: record.");
            } else if (!resource.has("byId")) {
                mistakes.add(create, "what became of the new record is read back, and there is no way to ask for one.", "Write byId: /…/{id} in the resource.");
            }
        }
    }

    /** Settings are filled in by what reads them, so that a body could not hold one in the place of a value. */
    private void body(Yaml write) {
        Map<String, Yaml> texts = Templates.in(write.get("body"));
        texts.forEach((name, at) -> {
            if (!name.matches("[a-z][a-z0-9_]*")) {
                mistakes.add(at, Mistakes.quoted("{" + name + "}") + " is no field's name.", "Write {id} for the key, or a field's name as {price}.");
            }
        });
    }

    private static Yaml header(Yaml key) {
        return key.is(Yaml.Kind.MAP) ? key.get("header") : key;
    }

    private void ownHeader(Yaml header) {
        if (!header.is(Yaml.Kind.TEXT)) {
            return;
        }
        String name = header.text().toLowerCase(Locale.ROOT);
        boolean taken = OWN_HEADERS.contains(name) || source.get("headers").members().keySet().stream().anyMatch(other -> other.equalsIgnoreCase(name))
                || source.get("auth").get("name").text().equalsIgnoreCase(name) || source.get("auth").get("header").text().equalsIgnoreCase(name);
        if (taken) {
            mistakes.add(header, Mistakes.quoted(header.text()) + " is a header that says something else already.",
                    "Write the one that the system's documentation names.");
        }
    }
}
