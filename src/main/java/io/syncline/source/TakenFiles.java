package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.SourceConfig.FilesResource;
import io.syncline.source.SourceFailure.Kind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files that published runs have taken, by their content: the cursor of a folder. As long as all of them are there, reading the others says the same
 * as reading all; where that is not certain, the mark is told to be lost and everything is read.
 */
final class TakenFiles {
    private final long declared;
    private final Map<String, String> taken = new TreeMap<>();
    private final Map<String, String> again = new TreeMap<>();

    private TakenFiles(long declared) {
        this.declared = declared;
    }

    /** None yet. */
    static TakenFiles none(Read read) {
        FilesResource resource = (FilesResource) read.resource();
        return new TakenFiles(Fingerprint.of(String.join("\n", resource.include(), resource.format().name(), Character.toString(resource.delimiter()),
                resource.charset().name(), new TreeMap<>(read.mapping().fingerprint()).toString())));
    }

    /** @throws SourceFailure where files are to be read otherwise than they were */
    static TakenFiles of(Read read, Asked asked) {
        TakenFiles files = none(read);
        try {
            JsonNode kept = HttpReads.JSON.readTree(read.cursor());
            if (kept.path("asked").asLong() == files.declared) {
                kept.path("taken").fields().forEachRemaining(file -> files.taken.put(file.getKey(), file.getValue().asText()));
                kept.path("again").fields().forEachRemaining(file -> files.again.put(file.getKey(), file.getValue().asText()));
                return files;
            }
        } catch (JsonProcessingException e) {
            throw lost(asked, "what is kept of the files taken before cannot be read");
        }
        throw lost(asked, "files are declared otherwise than they were when some were taken");
    }

    String text() {
        ObjectNode text = HttpReads.JSON.createObjectNode().put("asked", declared);
        text.set("taken", HttpReads.JSON.valueToTree(taken));
        text.set("again", HttpReads.JSON.valueToTree(again));
        return text.toString();
    }

    /**
     * Of the files that are there, those that were not taken.
     *
     * @param ordered the records do not tell which of two is newer, so that the names of the files have to
     * @throws SourceFailure where the files that are left do not tell what reading all of them would
     */
    List<Delivered> left(List<Delivered> there, boolean ordered, Asked asked) {
        Map<String, String> missing = new HashMap<>(taken);
        missing.putAll(again);
        List<Delivered> left = new ArrayList<>();
        for (Delivered file : there) {
            if (file.digest() == null || !taken.containsKey(file.digest())) {
                left.add(file);
            } else if (ordered && !left.isEmpty()) {
                throw lost(asked, shown(left.get(0).name()) + " comes before " + shown(file.name()) + ", which was taken before, and the records do not"
                        + " tell which of two is newer");
            }
            missing.remove(file.digest());
        }
        if (!missing.isEmpty()) {
            // Promise 6: what only that file held may be gone, and only all files together say so.
            throw lost(asked, shown(missing.values().stream().min(String::compareTo).orElseThrow()) + " was read before, and is gone or holds something else"
                    + " now");
        }
        return left;
    }

    /**
     * Adds what was read.
     *
     * @param unfit places in the list of files of which a record was set aside: they are read again
     */
    void add(List<Delivered> read, Set<Integer> unfit) {
        for (int at = 0; at < read.size(); at++) {
            Delivered file = read.get(at);
            if (file.digest() != null) {
                // Promise 2: a record that was set aside is shown again by nothing but its file.
                again.remove(file.digest());
                (unfit.contains(at) ? again : taken).put(file.digest(), file.name());
            }
        }
    }

    private static String shown(String name) {
        return Asked.shown(name);
    }

    private static SourceFailure lost(Asked asked, String why) {
        return asked.failure(Kind.MARK_LOST, why, "All files are read");
    }
}
