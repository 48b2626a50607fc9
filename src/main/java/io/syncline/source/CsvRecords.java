package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;
import io.syncline.source.CsvRows.Malformed;
import io.syncline.source.CsvRows.Row;

import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.List;

/** CSV with a header: every row becomes a record of texts. A row with too few or too many values is a rejected record, not the end of the file. */
final class CsvRecords implements FileRecords {
    private final Reader from;
    private final CsvRows rows;
    private final SideMapping mapping;
    private final List<String> header;

    CsvRecords(Reader from, char delimiter, int mostLetters, SideMapping mapping) throws IOException, Malformed {
        this.from = from;
        this.rows = new CsvRows(from, delimiter, mostLetters);
        this.mapping = mapping;
        Row first = rows.next();
        if (first == null) {
            throw new Malformed("line 1: there is no header");
        }
        this.header = first.values();
        if (header.contains(null) || header.contains("") || new HashSet<>(header).size() < header.size()) {
            throw new Malformed("line " + first.line() + ": the header names a column twice, or not at all");
        }
    }

    @Override
    public Observed next() throws IOException, Malformed {
        Row row = rows.next();
        if (row == null) {
            return null;
        }
        if (row.values().size() != header.size()) {
            if (!row.terminated()) {
                throw new Malformed("line " + row.line() + ": the file stops in the middle of a row");
            }
            return Rejected.with("line " + row.line() + ": holds " + row.values().size() + " values, but the header names " + header.size(), row.raw());
        }
        try (TokenBuffer tokens = new TokenBuffer(null, false)) {
            tokens.writeStartObject();
            for (int i = 0; i < header.size(); i++) {
                tokens.writeFieldName(header.get(i));
                tokens.writeString(row.values().get(i));
            }
            tokens.writeEndObject();
            try (JsonParser parser = tokens.asParserOnFirstToken()) {
                return Rejected.located(mapping.read(parser), "line " + row.line(), row.raw());
            }
        }
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
