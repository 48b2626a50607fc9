package io.syncline.api;

import io.syncline.access.Role;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The operations that {@code api/openapi.yaml} declares: the only requests there are. */
final class Contract {
    private static final String FILE = "api/openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final List<Operation> operations;
    private final Map<?, ?> document;

    private Contract(Map<?, ?> document) {
        this.document = document;
        List<Operation> found = new ArrayList<>();
        List<String> mistakes = new ArrayList<>();
        String base = (String) ((Map<?, ?>) ((List<?>) document.get("servers")).get(0)).get("url");
        ((Map<?, ?>) document.get("paths")).forEach((path, methods) -> ((Map<?, ?>) methods).forEach((method, declared) -> {
            if (METHODS.contains(method)) {
                Place place = new Place(base(((Map<?, ?>) methods).get("servers"), base) + path, base + path);
                read(((String) method).toUpperCase(Locale.ROOT), place, (Map<?, ?>) declared, found, mistakes);
            }
        }));
        if (!mistakes.isEmpty()) {
            throw new IllegalStateException(FILE + ": " + String.join(" ", mistakes));
        }
        this.operations = List.copyOf(found);
    }

    /** The contract in the jar. */
    static Contract read() {
        try (InputStream file = new ClassPathResource(FILE).getInputStream()) {
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }

    /** @throws IllegalStateException when an operation has no name or does not say who may call it; it names all of them */
    static Contract read(InputStream file) {
        return new Contract(new Yaml(new SafeConstructor(new LoaderOptions())).load(file));
    }

    /**
     * Where an operation is.
     *
     * @param path  for callers
     * @param inner for Camel, which knows no servers of a path's own
     */
    private record Place(String path, String inner) {
    }

    private static String base(Object servers, String usual) {
        return servers instanceof List<?> own ? ((String) ((Map<?, ?>) own.get(0)).get("url")).replaceFirst("/$", "") : usual;
    }

    private void read(String method, Place place, Map<?, ?> declared, List<Operation> operations, List<String> mistakes) {
        String path = place.path();
        if (!(declared.get("operationId") instanceof String id)) {
            mistakes.add(method + " " + path + " has no operationId. Write the name of the direct: route that answers.");
        } else if (!(declared.get("x-role") instanceof String role)) {
            mistakes.add(method + " " + path + " does not say who may call it. Write x-role: anyone, viewer, operator, reviewer or admin.");
        } else {
            try {
                operations.add(new Operation(id, method, new PathTemplate(path), new PathTemplate(place.inner()).plain(), role(role),
                        parameters(declared, "query"), headers(method, role(role), declared), "any".equals(declared.get("x-headers")),
                        declared.get("responses") instanceof Map<?, ?> responses && responses.containsKey("202")));
            } catch (IllegalArgumentException e) {
                mistakes.add(method + " " + path + ": x-role: " + e.getMessage());
            }
        }
    }

    private static Role role(String word) {
        return word.equals(Role.ANYONE.word()) ? Role.ANYONE : Role.of(word);
    }

    /** Whatever changes something, and is not open to anybody, can be asked for again with the same key. */
    private Set<String> headers(String method, Role role, Map<?, ?> declared) {
        Set<String> headers = parameters(declared, "header");
        if (!method.equals("GET") && role != Role.ANYONE) {
            headers.add(Idempotency.HEADER);
        }
        return headers;
    }

    /** The names of the parameters that an operation takes in a place, those that it shares with others among them. */
    private Set<String> parameters(Map<?, ?> declared, String place) {
        List<?> parameters = declared.get("parameters") instanceof List<?> list ? list : List.of();
        return parameters.stream().map(parameter -> resolved((Map<?, ?>) parameter)).filter(parameter -> place.equals(parameter.get("in")))
                .map(parameter -> (String) parameter.get("name")).collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<?, ?> resolved(Map<?, ?> parameter) {
        if (!(parameter.get("$ref") instanceof String reference)) {
            return parameter;
        }
        Map<?, ?> found = document;
        for (String step : reference.substring("#/".length()).split("/")) {
            found = (Map<?, ?>) found.get(step);
        }
        return found;
    }

    List<Operation> operations() {
        return operations;
    }

    /** The one of this name; whatever was let in has one. */
    Operation operation(String id) {
        return operations.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    /** The operations at a path, whatever their method. */
    List<Operation> at(List<String> segments) {
        return operations.stream().filter(operation -> operation.path().matches(segments)).toList();
    }

    /**
     * @param inner     the path by which Camel knows it, with a dash for every parameter
     * @param role      the least that may call it
     * @param query     the query parameters that it takes
     * @param headers   the headers that it reads
     * @param anyHeader which headers it reads is said elsewhere
     * @param goesOn    it may be answered before its effect has ended: 202
     */
    record Operation(String id, String method, PathTemplate path, String inner, Role role, Set<String> query, Set<String> headers, boolean anyHeader,
                     boolean goesOn) {
    }
}
