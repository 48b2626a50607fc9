package io.syncline.routes;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What every file in {@code routes/} keeps, and that each rule bites. */
class RouteFilesTest {
    private static final Path ROUTES = Path.of("routes");
    private static final Path SAMPLES = Path.of("src/test/resources/routes");
    private static final Pattern ADDRESS = Pattern.compile("\"((?:direct|seda):[\\w-]+)");
    private static final Pattern DECLARED_ADDRESS = Pattern.compile("uri:\\s*[\"']?((?:direct|seda):[\\w-]+)");
    private static final Pattern OPERATION = Pattern.compile("(?m)^\\s*\"?operationId\"?:\\s*\"?([\\w-]+)");

    private final RouteFiles routes = new RouteFiles(ROUTES);

    @Component("sampleBean")
    static class SampleBean {
        public void act(String one) {
            hidden();
        }

        private void hidden() {
        }
    }

    @Test
    void everyRouteFileKeepsTheRules() {
        assertThat(routes.mistakes()).isEmpty();
    }

    @Test
    void everyAddressThatIsUsedHasARoute() {
        Set<String> offered = routes.offered();
        offered.addAll(found(Path.of("src/main/java"), Pattern.compile("from\\(" + ADDRESS)));
        assertThat(routes.used()).as("used, but without a route").isSubsetOf(offered);
        assertThat(operations()).as("in the contract, but without a route").isSubsetOf(offered);
    }

    @Test
    void everyRouteIsUsedBySomebody() {
        Set<String> used = routes.used();
        used.addAll(operations());
        used.addAll(found(Path.of("src/main/java"), ADDRESS));
        used.addAll(found(Path.of("config"), DECLARED_ADDRESS));
        assertThat(routes.offered()).as("a route that nobody calls").isSubsetOf(used);
    }

    @Test
    void everyBeanThatARouteNamesHasTheMethod() {
        assertThat(strangers(routes, new Beans("io.syncline"))).isEmpty();
    }

    @Test
    void aFileThatKeepsTheRulesIsLeftInPeace() {
        RouteFiles good = new RouteFiles(SAMPLES.resolve("good"));
        assertThat(good.files()).hasSize(1);
        assertThat(good.routes()).hasSize(4);
        assertThat(good.mistakes()).isEmpty();
        assertThat(good.offered()).containsExactly("direct:sample-create", "direct:sample-known", "direct:sample-run");
        assertThat(good.used()).containsExactly("direct:sample-create", "direct:sample-known");
    }

    @ParameterizedTest
    @CsvSource({
        "duplicate-key, duplicate key uri",
        "unknown-word, sendTo",
        "nameless, has no id",
        "nameless, has no description",
        "same-id, the step one is called like a route",
        "too-deep, is nested 3 levels deep",
        "too-long, has 13 steps",
        "dynamic, toD lets data choose",
        "dynamic, script lets data choose",
        "dynamic, exec runs programs",
        "dynamic, enrich goes to a constant address only",
        "dynamic, recipientList lets data choose",
        "long-winded, write the expression in one line",
        "long-winded, write to as a map",
        "long-winded, compares more than one thing",
        "upside-down, below: stands above all that call it"})
    void aFileThatBreaksARuleIsToldWhich(String file, String mistake) {
        assertThat(sample(file).mistakes()).anyMatch(each -> each.startsWith(file + ".yaml") && each.contains(mistake));
    }

    @Test
    void aMisspeltAddressAndARouteThatNobodyCallsAreFound() {
        RouteFiles wiring = sample("wiring");
        assertThat(wiring.mistakes()).isEmpty();
        assertThat(wiring.used()).containsExactly("direct:nor-this", "direct:not-there");
        assertThat(wiring.offered()).containsExactly("direct:never-called");
    }

    @Test
    void aBeanOrMethodThatIsNotThereIsFound() {
        assertThat(strangers(sample("beans"), new Beans("io.syncline.routes"))).containsExactly("one: there is no bean nobody",
                "one: sampleBean has no method fly", "one: sampleBean has no method act(${body}, ${variable.x})", "one: sampleBean has no method hidden");
    }

    private static RouteFiles sample(String name) {
        return new RouteFiles(SAMPLES.resolve("bad").resolve(name + ".yaml"));
    }

    private static List<String> strangers(RouteFiles files, Beans beans) {
        List<String> strangers = new ArrayList<>();
        for (RouteFiles.Route route : files.routes()) {
            JsonNode steps = files.template(route).map(RouteFiles.Route::declared).orElse(route.declared());
            JsonNode values = route.declared().path("parameters");
            RouteFiles.walk(steps, (key, value) -> {
                String ref = RouteFiles.filled(value.path("ref").asText(), values);
                if (Set.of("bean", "method").contains(key) && !ref.isEmpty() && !ref.startsWith("{{")) {
                    strangers.addAll(strange(route, ref, RouteFiles.filled(value.path("method").asText(), values), beans));
                }
                if (key.equals("aggregationStrategy") && !beans.has(value.asText().replace("#", ""))) {
                    strangers.add(route.id() + ": there is no bean " + value.asText());
                }
            });
        }
        return strangers;
    }

    private static List<String> strange(RouteFiles.Route route, String ref, String method, Beans beans) {
        if (!beans.has(ref)) {
            return List.of(route.id() + ": there is no bean " + ref);
        }
        return method.isEmpty() || beans.answers(ref, method) ? List.of() : List.of(route.id() + ": " + ref + " has no method " + method);
    }

    private static Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        found(Path.of("src/main/resources/api"), OPERATION).forEach(operation -> operations.add("direct:" + operation));
        return operations;
    }

    private static Set<String> found(Path folder, Pattern pattern) {
        Set<String> found = new TreeSet<>();
        if (!Files.exists(folder)) {
            return found;
        }
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path file : below.filter(Files::isRegularFile).toList()) {
                Matcher match = pattern.matcher(Files.readString(file));
                while (match.find()) {
                    found.add(match.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
