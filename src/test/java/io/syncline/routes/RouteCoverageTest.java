package io.syncline.routes;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Runs after all other tests, and means something only when all of them ran. */
class RouteCoverageTest {

    @Test
    void everyStepOfEveryRouteWasCrossedByATest() {
        Set<String> left = allTests();
        left.removeAll(CoverageLast.running());
        assumeTrue(left.isEmpty(), () -> "not the whole suite: without " + left);
        Set<Path> files = new RouteFiles(Path.of("routes")).files();
        assertThat(files).as("a route file that no test ever started").allMatch(RouteCoverage::wasStarted);
        List<RouteCoverage.Step> missing = files.stream().flatMap(file -> RouteCoverage.neverCrossed(file).stream()).toList();
        assertThat(missing).as("steps that no test crossed").isEmpty();
    }

    /** Those that Jupiter runs; ArchUnit has an engine of its own. */
    private static Set<String> allTests() {
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            return sources.filter(file -> file.toString().endsWith("Test.java") && text(file).contains("import org.junit.jupiter."))
                    .map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
