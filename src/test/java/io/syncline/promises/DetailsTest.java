package io.syncline.promises;

import io.syncline.check.DecidedCases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of promises names, for each detail that naive versions get wrong, the cases and tests that show it. */
class DetailsTest {
    @Test
    void everyCaseThatThePageNamesIsThere() throws IOException {
        String page = Files.readString(Path.of("docs/promises.md"));
        List<String> details = page.substring(page.indexOf("## Details")).lines().filter(line -> line.startsWith("| ")).skip(1).toList();
        List<String> named = details.stream().flatMap(line -> Pattern.compile("\"([^\"]+)\"").matcher(line).results().map((MatchResult name) -> name.group(1)))
                .toList();
        assertThat(named).hasSizeGreaterThanOrEqualTo(9).allSatisfy(name -> assertThat(DecidedCases.names(Path.of("config"))).contains(name));
        assertThat(details.stream().filter(line -> line.contains("\"") || line.contains("Test`"))).hasSizeGreaterThanOrEqualTo(14);
    }
}
