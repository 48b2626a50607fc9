package io.syncline.api;

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

    private Contract(List<Operation> operations) {
        this.operations = List.copyOf(operations);
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
        Map<?, ?> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
        String base = (String) ((Map<?, ?>) ((List<?>) document.get("servers")).get(0)).get("url");
        List<Operation> operations = new ArrayList<>();
        List<String> mistakes = new ArrayList<>();
        ((Map<?, ?>) document.get("paths")).forEach((path, methods) -> ((Map<?, ?>) methods).forEach((method, declared) -> {
            if (METHODS.contains(method)) {
                read(((String) method).toUpperCase(Locale.ROOT), base + path, (Map<?, ?>) declared, operations, mistakes);
            }
        }));
        if (!mistakes.isEmpty()) {
            throw new IllegalStateException(FILE + ": " + String.join(" ", mistakes));
        }
        return new Contract(operations);
    }

    private static void read(String method, String path, Map<?, ?> declared, List<Operation> operations, List<String> mistakes) {
        if (!(declared.get("operationId") instanceof String id)) {
            mistakes.add(method + " " + path + " has no operationId. Write the name of the direct: route that answers.");
        } else if (!(declared.get("x-role") instanceof String role)) {
            mistakes.add(method + " " + path + " does not say who may call it. Write x-role: viewer, operator, reviewer or admin.");
        } else {
            try {
                operations.add(new Operation(id, method, new PathTemplate(path), Role.of(role), query(declared)));
            } catch (IllegalArgumentException e) {
                mistakes.add(method + " " + path + ": x-role: " + e.getMessage());
            }
        }
    }

    /** The names of the query parameters that an operation takes. */
    private static Set<String> query(Map<?, ?> declared) {
        List<?> parameters = declared.get("parameters") instanceof List<?> list ? list : List.of();
        return parameters.stream().map(Map.class::cast).filter(parameter -> "query".equals(parameter.get("in")))
                .map(parameter -> (String) parameter.get("name")).collect(Collectors.toCollection(TreeSet::new));
    }

    List<Operation> operations() {
        return operations;
    }

    /** The operations at a path, whatever their method. */
    List<Operation> at(List<String> segments) {
        return operations.stream().filter(operation -> operation.path().matches(segments)).toList();
    }

    /**
     * @param role  the least that may call it
     * @param query the query parameters that it takes
     */
    record Operation(String id, String method, PathTemplate path, Role role, Set<String> query) {
    }
}
