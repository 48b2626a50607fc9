package io.syncline.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells files by their content: one that was delivered twice, under whatever names, is read once. Only files of equal length are looked into. */
final class SameFiles {
    private SameFiles() {
    }

    /** The files in their order, without those whose content came before. */
    static List<Path> once(List<Path> files) throws IOException {
        Map<Long, Integer> lengths = new HashMap<>();
        for (Path file : files) {
            lengths.merge(length(file), 1, Integer::sum);
        }
        Set<String> seen = new HashSet<>();
        List<Path> once = new ArrayList<>();
        for (Path file : files) {
            // A link or a pipe is not read, so nobody knows what is in it; its turn comes, and it is refused then.
            if (lengths.get(length(file)) == 1 || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || seen.add(digest(file))) {
                once.add(file);
            }
        }
        return once;
    }

    private static long length(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
    }

    static String digest(Path file) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream bytes = new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), sha256)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
