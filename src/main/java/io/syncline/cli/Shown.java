package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Texts as a terminal may get them: what records and servers say steers nothing there. */
final class Shown {
    private Shown() {
    }

    /** One line, whatever it holds. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        String.valueOf(text).codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '·' : c));
        return shown.toString();
    }

    /** The same, but that line ends stay. */
    static String lines(String text) {
        return String.join(System.lineSeparator(), String.valueOf(text).lines().map(Shown::text).toList());
    }

    static String of(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "-" : text(value.isValueNode() ? value.asText() : value.toString());
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String time(Duration time) {
        return time.toMinutes() > 0 ? time.toMinutes() + " min " + time.toSecondsPart() + " s" : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    /** Columns as wide as they need to be; the first row is the heading. */
    static List<String> table(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
                line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
