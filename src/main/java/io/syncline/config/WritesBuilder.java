package io.syncline.config;

import java.util.List;

/** Makes what is declared about writing a resource, of a file that is free of mistakes and has its defaults written out. */
final class WritesBuilder {
    private WritesBuilder() {
    }

    /** @return null where nothing is declared */
    static WritesConfig build(Yaml resource) {
        Yaml writes = resource.get("writes");
        if (writes.is(Yaml.Kind.ABSENT)) {
            return null;
        }
        return new WritesConfig(request(writes.get("create")), request(writes.get("update")), request(writes.get("delete")), request(writes.get("restore")),
                keyHeader(writes.get("idempotencyKey")), ifMatch(writes.get("ifMatch")), writes.get("answer").text().equals("record"),
                SystemBuilder.way(writes.has("record") ? writes.get("record") : resource.get("record")),
                writes.get("error").texts().stream().map(path -> List.of(path.split("\\."))).toList(),
                writes.has("find") ? SystemBuilder.texts(writes.get("find")) : null, SystemBuilder.length(writes.get("arrivesWithin")));
    }

    private static WritesConfig.Request request(Yaml request) {
        if (request.is(Yaml.Kind.ABSENT)) {
            return null;
        }
        return new WritesConfig.Request(request.get("method").text(), request.get("path").text(), request.has("body") ? request.get("body").json() : null,
                !request.get("send").text().equals("changed"), request.has("nulls") ? request.get("nulls").texts() : null, request.get("requires").texts(),
                SystemBuilder.wayOrNull(request.get("key")));
    }

    private static WritesConfig.KeyHeader keyHeader(Yaml header) {
        if (header.is(Yaml.Kind.MAP)) {
            return new WritesConfig.KeyHeader(header.get("header").text(), header.get("honoured").isTrue());
        }
        return header.is(Yaml.Kind.TEXT) ? new WritesConfig.KeyHeader(header.text(), true) : null;
    }

    private static WritesConfig.IfMatch ifMatch(Yaml ifMatch) {
        return ifMatch.is(Yaml.Kind.ABSENT) ? null
                : new WritesConfig.IfMatch(ifMatch.get("header").text(), SystemBuilder.wayOrNull(ifMatch.get("from")), ifMatch.get("fromHeader").textOrNull());
    }
}
