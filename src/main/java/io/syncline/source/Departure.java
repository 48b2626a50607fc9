package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SystemConfig;
import io.syncline.config.WritesConfig;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may leave for a system, judged where the request leaves (promise 21): reads by GET, and of what could change something only the declared method at
 * the declared path. A read-only system is sent nothing but GET and HEAD.
 */
interface Departure {
    /** To an address that is no system's. */
    Departure ANY = (method, path) -> { };

    /** @throws OnlyReads when this may not leave */
    void require(String method, String pathAndQuery);

    static Departure to(SystemConfig system, HttpRequest request) {
        if (system.readOnly()) {
            return readsOnly();
        }
        List<Pattern> declared = declared(system, request);
        return (method, pathAndQuery) -> {
            String path = pathAndQuery.replaceFirst("\\?.*$", "");
            if (!isRead(method) && declared.stream().noneMatch(pattern -> pattern.matcher(method + " " + path).matches())) {
                throw new OnlyReads(method, "no resource declares a " + method + " there");
            }
        };
    }

    static Departure readsOnly() {
        return (method, path) -> {
            if (!isRead(method)) {
                throw new OnlyReads(method, "the system is read-only, and this is no GET or HEAD");
            }
        };
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static List<Pattern> declared(SystemConfig system, HttpRequest request) {
        if (request.purpose() == HttpRequest.Purpose.TOKEN) {
            return List.of(Pattern.compile("POST " + Pattern.quote(request.uri().getRawPath())));
        }
        return system.source().resources().values().stream().filter(SourceConfig.HttpResource.class::isInstance).map(SourceConfig.HttpResource.class::cast)
                .flatMap(resource -> request.purpose() == HttpRequest.Purpose.WRITE ? writes(resource.writes()) : read(resource)).toList();
    }

    private static Stream<Pattern> read(SourceConfig.HttpResource resource) {
        return Stream.of(pattern(resource.method(), resource.path()));
    }

    private static Stream<Pattern> writes(WritesConfig writes) {
        return writes == null ? Stream.empty() : writes.requests().stream().map(write -> pattern(write.method(), write.path()));
    }

    /** Settings and the key stand for one segment each, or a part of one. */
    private static Pattern pattern(String method, String declared) {
        String path = Stream.of(declared.replaceFirst("\\?.*$", "").split("\\$\\{[^}]*}|\\{id}", -1)).map(Departure::encoded).map(Pattern::quote)
                .collect(Collectors.joining("[^/]+"));
        return Pattern.compile(Pattern.quote(method) + " (/.*)?" + path);
    }

    private static String encoded(String literal) {
        return Encoded.text(literal, "!$&'()*+,;=:@/%");
    }
}
