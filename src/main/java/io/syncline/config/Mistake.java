package io.syncline.config;

/**
 * One thing that is wrong in a file under {@code config/}. Never holds a secret.
 *
 * @param file  as a person would name it, e.g. {@code config/systems/crm.yaml}
 * @param line  from 1; 0 where there is no file that could have lines
 * @param where the path of the member, e.g. {@code source.kind}; empty for the file as a whole
 * @param what  is wrong, as a sentence
 * @param cure  what to write instead, as a sentence
 */
public record Mistake(String file, int line, String where, String what, String cure) implements Comparable<Mistake> {
    @Override
    public int compareTo(Mistake other) {
        int byFile = file.compareTo(other.file);
        return byFile != 0 ? byFile : Integer.compare(line, other.line);
    }

    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + (where.isEmpty() ? "" : " " + where) + ": " + what + " " + cure;
    }
}
