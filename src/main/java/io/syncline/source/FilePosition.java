package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.syncline.source.SourceFailure.Kind;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a read of files stands.
 *
 * @param records how many of the file's records have been read
 * @param size    and {@code modified}: the file as it was then
 * @param before  the fingerprint of the files before it: another file among them was not read
 * @param unfit   the places of the files of which a record was set aside
 */
record FilePosition(String file, long records, long size, String modified, long before, List<Integer> unfit) {
    FilePosition(List<Delivered> files, int at, long records, Set<Integer> unfit) {
        this(files.get(at).name(), records, files.get(at).size(), files.get(at).modified().toString(), before(files, at), List.copyOf(new TreeSet<>(unfit)));
    }

    /** @return the place of the file among these; -1 where it, or one before it, is not what it was */
    int in(List<Delivered> files) {
        for (int at = 0; at < files.size(); at++) {
            Delivered found = files.get(at);
            if (found.name().equals(file)) {
                return found.size() == size && found.modified().toString().equals(modified) && before(files, at) == before ? at : -1;
            }
        }
        return -1;
    }

    private static long before(List<Delivered> files, int at) {
        StringBuilder names = new StringBuilder();
        files.subList(0, at).forEach(file -> names.append(file.name()).append('\n').append(file.digest()).append('\n'));
        return Fingerprint.of(names.toString());
    }

    String text() {
        return HttpReads.JSON.valueToTree(this).toString();
    }

    static FilePosition of(String text, Asked asked) {
        try {
            FilePosition position = HttpReads.JSON.readValue(text, FilePosition.class);
            if (position.unfit() != null) {
                return position;
            }
        } catch (JsonProcessingException e) {
            throw lost(asked);
        }
        throw lost(asked);
    }

    private static SourceFailure lost(Asked asked) {
        return asked.failure(Kind.POSITION_LOST, "the position to go on from cannot be read", "Start the read over");
    }
}
