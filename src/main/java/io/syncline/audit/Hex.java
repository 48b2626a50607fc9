package io.syncline.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and bytes as hexadecimal digits: small ones only, so that the same bytes are never written in two ways. */
final class Hex {
    private Hex() {
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** @throws NotProven when these are not such digits */
    static byte[] bytes(String digits, String what) {
        if (digits.length() % 2 != 0 || !digits.matches("[0-9a-f]*")) {
            throw new NotProven(what + " is not written in small hexadecimal digits.");
        }
        return HexFormat.of().parseHex(digits);
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
