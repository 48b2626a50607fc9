package io.syncline;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The habits of the house that a machine can see. */
class HouseTest {
    private static final Path HERE = Path.of("src/test/java/io/syncline/HouseTest.java");
    /** The one place where waiting is what is asked for: between two attempts of an outside call. */
    private static final Set<Path> MAY_SLEEP = Set.of(Path.of("src/main/java/io/syncline/source/Waiting.java"));
    private static final int MOST_LINES = 450;
    private static final int MOST_COLUMNS = 160;

    @Test
    void nothingIsLeftForLater() {
        assertThat(found("\\b(TODO|FIXME|XXX|HACK)\\b", each -> true)).isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        assertThat(found("@Disabled|@Ignore\\b", HouseTest::isJava)).isEmpty();
    }

    @Test
    void everyTestThatThePromisesNameIsThere() throws IOException {
        List<String> named = Pattern.compile("`(\\w+(?:Test|IT))`").matcher(Files.readString(Path.of("docs/promises.md"))).results()
                .map(match -> match.group(1)).toList();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<String> there = files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
            assertThat(named).hasSizeGreaterThan(30).allSatisfy(test -> assertThat(there).contains(test));
        }
    }

    @Test
    void nobodySleeps() {
        assertThat(found("Thread\\.sleep|TimeUnit\\.\\w+\\.sleep", file -> isJava(file) && !MAY_SLEEP.contains(file))).isEmpty();
    }

    @Test
    void serversOfTestsAnswerAtOnce() {
        assertThat(found("\\bHttpServer\\.create\\(", file -> isJava(file) && !file.endsWith("TestServer.java"))).isEmpty();
    }

    @Test
    void nothingNamesAPlaceOnSomebodysMachine() {
        assertThat(found("/(root|home/\\w+|Users/\\w+)/|[A-Z]:\\\\\\\\?Users", each -> true)).isEmpty();
    }

    @Test
    void noExceptionIsSwallowed() {
        assertThat(found("catch\\s*\\([^)]*\\)\\s*\\{\\s*(//[^\\n]*\\s*|/\\*.*?\\*/\\s*)*}", HouseTest::isJava)).isEmpty();
        assertThat(found("catch\\s*\\([^)]*\\b(Throwable|Exception|RuntimeException)\\s+\\w+\\)\\s*\\{\\s*return "
                + "(null|true|false|\"\"|0|Optional\\.empty\\(\\));\\s*}", HouseTest::isJava)).isEmpty();
    }

    @Test
    void whatIsThrownIsNotLoggedAsWell() {
        assertThat(found("catch\\s*\\([^)]*\\)\\s*\\{[^{}]*\\b(?i:log(ger)?)\\.(warn|error|info)\\([^{}]*\\bthrow\\b", HouseTest::isJava)).isEmpty();
    }

    @Test
    void noStackTraceIsPrinted() {
        assertThat(found("\\.printStackTrace\\(\\)", HouseTest::isJava)).isEmpty();
    }

    @Test
    void filesAreShort() {
        assertThat(files().filter(HouseTest::isJava).filter(file -> text(file).lines().count() > MOST_LINES)).isEmpty();
    }

    @Test
    void linesFitTheScreen() {
        assertThat(found("(?m)^[^\\n]{" + (MOST_COLUMNS + 1) + ",}$", HouseTest::isJava)).isEmpty();
    }

    @Test
    void theFrontPageAndTheChangesAreThere() {
        assertThat(Path.of("README.md")).isNotEmptyFile();
        assertThat(Path.of("CHANGELOG.md")).isNotEmptyFile();
    }

    private static List<String> found(String regex, Predicate<Path> where) {
        Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
        return files().filter(where).flatMap(file -> {
            String text = text(file);
            return pattern.matcher(text).results().map(MatchResult::start).map(at -> file + ":" + text.substring(0, at).lines().count());
        }).toList();
    }

    /** Everything that is written by hand, but for the words of this test itself. */
    private static Stream<Path> files() {
        return Stream.of("src", "routes", "config", "docs", "bench").map(Path::of).filter(Files::exists).flatMap(top -> {
            try (Stream<Path> below = Files.walk(top)) {
                return below.filter(file -> file.toString().matches(".*\\.(java|ya?ml|sql|json|md|html|js|css|properties|xml|sh)")).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).filter(file -> !file.equals(HERE));
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
