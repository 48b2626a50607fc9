package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import io.syncline.parquet.ParquetFile;
import io.syncline.parquet.Row;
import io.syncline.parquet.UnreadableFile;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows of a Parquet file, of which only the mapped columns are read. A file that cannot be read, or not to its end, is told as one rejected record
 * without a key, so that what it may hold is taken neither for read nor for deleted, and the files after it are read all the same.
 */
final class ParquetRecords implements FileRecords {
    private static final int SOME = 20;

    private final String name;
    private final SideMapping mapping;
    private ParquetFile file;
    private String fault;
    private String told;

    ParquetRecords(ParquetFiles files, Path path, SideMapping mapping) throws IOException {
        this.name = "file " + Asked.shown(path.getFileName().toString());
        this.mapping = mapping;
        try {
            file = files.open(path, columns());
            fault = missingKey();
        } catch (UnreadableFile e) {
            fault = e.getMessage();
        }
    }

    @Override
    public Observed next() throws IOException {
        if (fault == null && file != null) {
            try {
                Row row = file.next();
                if (row != null) {
                    return observed(row);
                }
            } catch (UnreadableFile e) {
                fault = e.getMessage();
            }
        }
        return fault == null ? null : told();
    }

    @Override
    public boolean skip(long records) throws IOException {
        if (fault == null) {
            try {
                return file.skip(records);
            } catch (UnreadableFile e) {
                fault = e.getMessage();
            }
        }
        told();
        return true;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public String fault() {
        return told;
    }

    /** The fault, once; behind it the file is at its end. */
    private Observed told() throws IOException {
        told = name + " cannot be read: " + fault;
        fault = null;
        close();
        file = null;
        return Rejected.with(told, name);
    }

    private Observed observed(Row row) throws IOException {
        String where = name + ", row " + row.number();
        Observed observed;
        try (JsonParser parser = row.parser()) {
            observed = mapping.read(parser);
        }
        if (observed.isFit() && row.problems().isEmpty()) {
            return observed;
        }
        List<String> problems = new ArrayList<>(row.problems());
        problems.addAll(observed.problems());
        Observed unfit = new Observed(observed.key(), null, observed.version(), observed.modifiedAt(), false, problems, null);
        return Rejected.located(unfit, where, row.text());
    }

    /** Without its column not one row had a key, which is better told once. */
    private String missingKey() {
        for (io.syncline.record.Path part : mapping.key()) {
            if (!file.columns().contains(part.segments().get(0))) {
                List<String> there = new TreeSet<>(file.columns()).stream().map(Asked::shown).toList();
                String named = String.join(", ", there.subList(0, Math.min(SOME, there.size())));
                return "it has no column " + part.segments().get(0) + " for the key. It has " + named
                        + (there.size() > SOME ? " and " + (there.size() - SOME) + " more" : "");
            }
        }
        return null;
    }

    private Set<String> columns() {
        Set<String> columns = new HashSet<>();
        mapping.shape().fields().forEach(field -> columns.add(field.from().segments().get(0)));
        mapping.key().forEach(part -> columns.add(part.segments().get(0)));
        for (io.syncline.record.Path mark : new io.syncline.record.Path[] {mapping.version(), mapping.modifiedAt(),
                mapping.deletion() == null ? null : mapping.deletion().path()}) {
            if (mark != null) {
                columns.add(mark.segments().get(0));
            }
        }
        return columns;
    }
}
