package io.syncline.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The route files of a folder and what is wrong with them: one sentence a mistake. */
final class RouteFiles {
    private static final int MOST_STEPS = 12;
    private static final int MOST_LEVELS = 2;
    private static final Set<String> EXPRESSIONS = Set.of("simple", "constant", "variable", "header", "exchangeProperty", "jsonpath", "tokenize");
    private static final Set<String> DATA_MUST_NOT_CHOOSE = Set.of("toD", "recipientList", "routingSlip", "dynamicRouter", "script", "groovy", "js", "java",
            "joor", "mvel", "ognl", "python", "spel", "wasm", "csimple");
    private static final List<String> KINDS = List.of("route", "routeTemplate", "routeConfiguration", "templatedRoute");
    private static final Pattern ADDRESS = Pattern.compile("(direct|seda):[^?]+");
    private static final JsonSchema SCHEMA = schema();

    private final Map<Path, JsonNode> files = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();

    /** @param kind {@code route}, {@code routeTemplate}, {@code routeConfiguration} or {@code templatedRoute} */
    record Route(Path file, String kind, JsonNode declared) {
        String id() {
            return declared.path(kind.equals("templatedRoute") ? "routeId" : "id").asText();
        }

        String place() {
            return file.getFileName() + " " + (id().isEmpty() ? "a " + kind : id());
        }

        JsonNode from() {
            return (kind.equals("routeTemplate") ? declared.path("route") : declared).path("from");
        }
    }

    /** @param top a folder, or a single file */
    RouteFiles(Path top) {
        try (Stream<Path> below = Files.walk(top)) {
            below.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path file) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        try {
            files.put(file, new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(strict)).load(Files.readString(file))));
        } catch (YAMLException e) {
            unreadable.add(file.getFileName() + ": " + e.getMessage());
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (JsonNode item : files.get(file)) {
            KINDS.stream().filter(item::has).forEach(kind -> routes.add(new Route(file, kind, item.get(kind))));
        }
    }

    Set<Path> files() {
        return files.keySet();
    }

    List<Route> routes() {
        return routes;
    }

    /** Everything that can be told without the Java side. */
    List<String> mistakes() {
        List<String> all = new ArrayList<>(unreadable);
        files.forEach((file, content) -> SCHEMA.validate(content).forEach(problem -> all.add(file.getFileName() + ": " + problem.getMessage())));
        Set<String> ids = new TreeSet<>();
        for (Route route : routes) {
            if (!ids.add(route.id())) {
                all.add(route.place() + ": another route has this id");
            }
        }
        for (Route route : routes) {
            nameless(route, all);
            size(route, all);
            walk(route.declared, (key, value) -> step(route, key, value, ids, all));
        }
        upsideDown(all);
        return all;
    }

    private static void nameless(Route route, List<String> all) {
        if (route.id().isEmpty()) {
            all.add(route.place() + ": has no id");
        }
        if (!route.kind.equals("templatedRoute") && route.declared.path("description").asText().isEmpty()) {
            all.add(route.place() + ": has no description");
        }
        if (route.kind.equals("routeTemplate") && route.declared.path("route").path("description").asText().isEmpty()) {
            all.add(route.place() + ": its route has no description");
        }
    }

    private static void size(Route route, List<String> all) {
        int steps = steps(route.from());
        if (steps > MOST_STEPS) {
            all.add(route.place() + ": has " + steps + " steps; cut it at a direct:");
        }
        int levels = levels(route.from()) - 1;
        if (levels > MOST_LEVELS) {
            all.add(route.place() + ": is nested " + levels + " levels deep; cut it at a direct:");
        }
    }

    private static int steps(JsonNode node) {
        int count = node.path("steps").size();
        for (JsonNode child : node) {
            count += steps(child);
        }
        return count;
    }

    private static int levels(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, levels(child));
        }
        return deepest + (node.has("steps") ? 1 : 0);
    }

    private static void step(Route route, String key, JsonNode value, Set<String> routeIds, List<String> all) {
        if (value.isObject() && value.has("id") && !key.equals("route") && routeIds.contains(value.get("id").asText())) {
            all.add(route.place() + ": the step " + value.get("id").asText() + " is called like a route");
        }
        if (DATA_MUST_NOT_CHOOSE.contains(key)) {
            all.add(route.place() + ": " + key + " lets data choose or scripts run");
        }
        if (key.equals("uri") && value.asText().startsWith("exec:")) {
            all.add(route.place() + ": exec runs programs");
        }
        if (Set.of("enrich", "pollEnrich").contains(key) && !value.has("constant")) {
            all.add(route.place() + ": " + key + " goes to a constant address only");
        }
        if (key.equals("expression") || EXPRESSIONS.contains(key) && value.isObject()) {
            all.add(route.place() + ": write the expression in one line, like simple: \"…\"");
        }
        if (Set.of("to", "log", "bean").contains(key) && value.isTextual()) {
            all.add(route.place() + ": write " + key + " as a map, like to: {uri: …}");
        }
        if (key.equals("simple") && value.asText().matches(".*(&&|\\|\\|).*")) {
            all.add(route.place() + ": " + value.asText() + " compares more than one thing; that is for Java");
        }
    }

    /** Read from the top, a route comes after one that calls it, wherever a caller is in the same file. */
    private void upsideDown(List<String> all) {
        for (Route route : routes) {
            Set<String> address = addresses(route.from().path("uri").asText());
            List<Route> callers = routes.stream()
                    .filter(other -> other.file.equals(route.file) && other != route && address.stream().anyMatch(called(other)::contains)).toList();
            if (!callers.isEmpty() && callers.stream().noneMatch(caller -> routes.indexOf(caller) < routes.indexOf(route))) {
                all.add(route.place() + ": stands above all that call it, but a file is read from the top");
            }
        }
    }

    /** The addresses that have a route, templates filled in. */
    Set<String> offered() {
        Set<String> addresses = new TreeSet<>();
        for (Route route : routes) {
            if (route.kind.equals("route")) {
                addresses.addAll(addresses(route.from().path("uri").asText()));
            } else if (route.kind.equals("templatedRoute")) {
                template(route).ifPresent(template ->
                        addresses.addAll(addresses(filled(template.from().path("uri").asText(), route.declared.path("parameters")))));
            }
        }
        return addresses;
    }

    /** The addresses that some step goes to. */
    Set<String> used() {
        Set<String> addresses = new TreeSet<>();
        routes.forEach(route -> addresses.addAll(called(route)));
        return addresses;
    }

    private static Set<String> called(Route route) {
        Set<String> addresses = new TreeSet<>();
        walk(route.declared, (key, value) -> {
            if (key.equals("steps")) {
                walk(value, (inner, text) -> addresses.addAll(addresses(text.asText())));
            }
        });
        return addresses;
    }

    private static Set<String> addresses(String text) {
        Matcher match = ADDRESS.matcher(text);
        return match.lookingAt() ? Set.of(match.group()) : Set.of();
    }

    /** What a templated route is made from. */
    Optional<Route> template(Route route) {
        return routes.stream().filter(other -> other.kind.equals("routeTemplate") && other.id().equals(route.declared.path("routeTemplateRef").asText()))
                .findFirst();
    }

    /** A text of a template, with a templated route's values in the place of its parameters. */
    static String filled(String text, JsonNode parameters) {
        String filled = text;
        for (JsonNode parameter : parameters) {
            filled = filled.replace("{{" + parameter.path("name").asText() + "}}", parameter.path("value").asText());
        }
        return filled;
    }

    /** Every member at any depth, with its name. */
    static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
        node.properties().forEach(member -> {
            visitor.accept(member.getKey(), member.getValue());
            walk(member.getValue(), visitor);
        });
        if (node.isArray()) {
            node.forEach(item -> walk(item, visitor));
        }
    }

    private static JsonSchema schema() {
        try (InputStream json = RouteFiles.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
