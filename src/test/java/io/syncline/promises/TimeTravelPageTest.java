package io.syncline.promises;

import io.syncline.RunningSyncline;
import io.syncline.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/time-travel.md prints works as printed. */
class TimeTravelPageTest {
    private static final Path PAGE = Path.of("docs/time-travel.md");

    private static final String MOMENT = "2026-11-20T12:00:00Z";
    private static final String SQL_MOMENT = "2026-11-20 12:00Z";

    @TempDir
    private Path folder;

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE)).results()
                .map(block -> block.group(1)).toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    @Test
    void everyStatementAndCommandOfThePageWorks() throws IOException {
        try (Pricebook book = Pricebook.open(folder.resolve("config"))) {
            book.full();
            // The page's moment is one of the past, and what is asked about here came just now.
            String now = book.one("select clock_timestamp()::text", String.class);
            String instant = book.sql().sql("select clock_timestamp()").query((row, n) -> row.getObject(1, OffsetDateTime.class)).single().toInstant()
                    .toString();
            List<String> answers = new ArrayList<>();
            for (String block : blocks("sql")) {
                for (String statement : block.split(";\n")) {
                    answers.add(book.sql().sql(statement.replace(SQL_MOMENT, now)).query((row, n) -> row.getString(1)).list().toString());
                }
            }
            assertThat(answers.get(0)).as("the record as it was").contains("\"code\"");
            assertThat(answers.get(1)).as("the snapshot that it was in").isEqualTo("[1]");
            assertThat(answers.subList(3, 6)).containsOnly("[]");
            List<String> told = new ArrayList<>();
            for (String block : blocks("sh")) {
                block.lines().forEach(line -> told.add(told(book, line.replace(MOMENT, instant))));
            }
            assertThat(told).filteredOn(each -> !each.contains("(rollback)")).allMatch(each -> each.startsWith("0 "), "ends well");
            assertThat(told.get(told.size() - 2)).as("there is something to apply").startsWith("2 Run 2 (rollback): planned");
            assertThat(told.get(0)).contains("\"8002\"");
            assertThat(told.get(2)).contains("\"st_id\":\"8002\"");
            assertThat(folder.resolve("materials.csv")).content().contains(",8002,");
            assertThat(folder.resolve("materials.parquet")).isNotEmptyFile();
        }
    }

    private String told(Pricebook book, String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.replaceFirst(" > .*", "").split(" ")));
        assertThat(words.remove(0)).isEqualTo("syncline");
        int output = words.indexOf("-o");
        if (output >= 0) {
            words.set(output + 1, folder.resolve(words.get(output + 1)).toString());
        }
        words.addAll(List.of("--url", book.syncline.url(), "--key", RunningSyncline.KEY));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Cli.run(words, stream, stream, none -> { }) + " " + out.toString(StandardCharsets.UTF_8);
    }
}
