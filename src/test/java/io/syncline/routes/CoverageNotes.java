package io.syncline.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the JVMs of one build have seen of the routes. Each writes a file of its own at once, so that nothing is lost with a JVM that breaks down; whoever
 * comes after them reads all files together.
 */
final class CoverageNotes {
    /** A kind of note, and what it says. */
    enum Kind { KNOWN, CROSSED, RAN }

    private static final String FOLDER = System.getProperty("syncline.coverage", "");
    private static final CoverageNotes OF_THIS_BUILD = FOLDER.isEmpty() ? null : new CoverageNotes(Path.of(FOLDER));

    private final Path folder;
    private Path mine;

    CoverageNotes(Path folder) {
        this.folder = folder;
    }

    /** Leaves a note, where a build of several JVMs has asked for it. */
    static void leave(Kind kind, String text) {
        if (OF_THIS_BUILD != null) {
            OF_THIS_BUILD.add(kind, text);
        }
    }

    synchronized void add(Kind kind, String text) {
        try {
            if (mine == null) {
                mine = Files.createTempFile(Files.createDirectories(folder), "notes-", ".txt");
            }
            Files.write(mine, List.of(kind + " " + text), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What all JVMs noted of this kind; nothing where none noted anything. */
    Set<String> all(Kind kind) {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        String beginning = kind + " ";
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> lines(file).stream()).filter(line -> line.startsWith(beginning)).map(line -> line.substring(beginning.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
