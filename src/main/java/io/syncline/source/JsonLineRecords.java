package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;
import io.syncline.source.CsvRows.Malformed;

import java.io.IOException;
import java.io.Reader;

/** One JSON object a line. A line that is none is a rejected record; only a last line that stops in the middle ends the read. Empty lines are passed over. */
final class JsonLineRecords implements FileRecords {
    private final Reader from;
    private final int mostLetters;
    private final SideMapping mapping;
    private final StringBuilder line = new StringBuilder();
    private int number;
    private boolean terminated;

    JsonLineRecords(Reader from, int mostLetters, SideMapping mapping) {
        this.from = from;
        this.mostLetters = mostLetters;
        this.mapping = mapping;
    }

    @Override
    public Observed next() throws IOException, Malformed {
        while (read()) {
            String text = line.toString().strip();
            if (!text.isEmpty()) {
                return observed(text);
            }
        }
        return null;
    }

    private Observed observed(String text) throws Malformed, IOException {
        String where = "line " + number;
        try (JsonParser parser = JsonAnswer.JSON.createParser(text)) {
            parser.nextToken();
            Observed observed = mapping.read(parser);
            if (parser.nextToken() == null) {
                return Rejected.located(observed, where, text);
            }
        } catch (JsonProcessingException e) {
            if (!terminated) {
                throw new Malformed(where + ": the file stops in the middle of a record");
            }
        }
        return Rejected.with(where + ": is not one JSON object", text);
    }

    private boolean read() throws IOException, Malformed {
        line.setLength(0);
        number++;
        for (int c = from.read(); c >= 0; c = from.read()) {
            if (c == '\n') {
                terminated = true;
                return true;
            }
            line.append((char) c);
            if (line.length() > mostLetters) {
                throw new Malformed("line " + number + ": is longer than " + mostLetters + " letters");
            }
        }
        terminated = false;
        return line.length() > 0;
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
