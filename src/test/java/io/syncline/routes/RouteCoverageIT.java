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

/** Runs after the tests of all JVMs, and means something only when all of them ran: that they did is asked for unless somebody chose among them. */
class RouteCoverageIT {
    private static final Path SOURCES = Path.of("src/test/java");

    @Test
    void everyStepOfEveryRouteWasCrossedByATest() {
        CoverageNotes notes = new CoverageNotes(Path.of(System.getProperty("syncline.coverage.read", "target/route-coverage/none")));
        Set<String> left = allTests();
        left.removeAll(notes.all(CoverageNotes.Kind.RAN));
        assumeTrue(left.isEmpty() || Boolean.getBoolean("syncline.coverage.whole"), () -> "not the whole suite: without " + left);
        assertThat(left).as("tests that did not run").isEmpty();
        RouteCoverage.Seen seen = RouteCoverage.Seen.in(notes);
        Set<Path> files = new RouteFiles(Path.of("routes")).files();
        assertThat(files).as("a route file that no test ever started").isNotEmpty().allMatch(seen::wasStarted);
        List<RouteCoverage.Step> missing = files.stream().flatMap(file -> seen.neverCrossed(file).stream()).toList();
        assertThat(missing).as("steps that no test crossed").isEmpty();
    }

    /** Those that Jupiter runs; ArchUnit has an engine of its own. */
    private static Set<String> allTests() {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            return sources.filter(file -> file.toString().endsWith("Test.java") && text(file).contains("import org.junit.jupiter."))
                    .map(file -> SOURCES.relativize(file).toString().replace(".java", "").replace(file.getFileSystem().getSeparator(), "."))
                    .collect(Collectors.toCollection(TreeSet::new));
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
