package io.syncline.killrig;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one connection's client says in PostgreSQL's protocol, batch by batch: messages are held back until the one that makes the server act on them,
 * so that a batch can be kept from it altogether.
 */
final class Frontend {
    private static final byte[] NOTHING = {};
    /** What writes and says so at its beginning, or behind the one common table expression or more that it begins with. */
    private static final Pattern WRITES = Pattern.compile(
            "^(insert|update|delete|copy \\S+ *(\\(.*\\) *)?from)|^with\\b.*\\b(insert into|(?<!for |key )update|delete from) ", Pattern.DOTALL);

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<String, String> prepared = new HashMap<>();
    private final List<byte[]> held = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();
    /** What the transaction under way has written; each by what it starts with. */
    private final List<String> written = new ArrayList<>();
    private boolean inTransaction;

    Frontend(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /** Hands the start of the conversation on as it is; it has no type byte. */
    void greet() throws IOException {
        int length = in.readInt();
        byte[] rest = in.readNBytes(length - 4);
        out.writeInt(length);
        out.write(rest);
        out.flush();
    }

    /** Reads on until the server is to act; false when the client has gone. Nothing of the batch has been handed on yet. */
    boolean readBatch() throws IOException {
        statements.clear();
        while (true) {
            int type = in.read();
            if (type < 0) {
                return false;
            }
            int length = in.readInt();
            byte[] body = length > 4 ? in.readNBytes(length - 4) : NOTHING;
            hold((byte) type, length, body);
            switch (type) {
                case 'P' -> prepared.put(text(body, 0), text(body, text(body, 0).getBytes(StandardCharsets.UTF_8).length + 1));
                case 'B' -> {
                    int portal = text(body, 0).getBytes(StandardCharsets.UTF_8).length + 1;
                    statements.add(prepared.getOrDefault(text(body, portal), ""));
                }
                case 'Q' -> {
                    statements.add(text(body, 0));
                    return true;
                }
                case 'S', 'H', 'c', 'd', 'f', 'p', 'X', 'F' -> {
                    return true;
                }
                default -> {
                    // Described, executed, closed: part of the batch.
                }
            }
        }
    }

    /** The statements whose work is durable once the server has done what was read; mostly none. To be asked once per batch. */
    List<String> committed() {
        List<String> committed = new ArrayList<>();
        for (String statement : statements) {
            String word = statement.strip().toLowerCase(Locale.ROOT);
            if (word.startsWith("begin") || word.startsWith("start transaction")) {
                inTransaction = true;
                written.clear();
            } else if (word.startsWith("commit")) {
                inTransaction = false;
                committed.addAll(written);
            } else if (word.equals("rollback")) {
                inTransaction = false;
            } else if (WRITES.matcher(word).find()) {
                (inTransaction ? written : committed).add(word);
            }
        }
        return committed;
    }

    void handOn() throws IOException {
        for (byte[] message : held) {
            out.write(message);
        }
        out.flush();
        held.clear();
    }

    private void hold(byte type, int length, byte[] body) {
        byte[] message = new byte[length + 1];
        message[0] = type;
        message[1] = (byte) (length >>> 24);
        message[2] = (byte) (length >>> 16);
        message[3] = (byte) (length >>> 8);
        message[4] = (byte) length;
        System.arraycopy(body, 0, message, 5, body.length);
        held.add(message);
    }

    private static String text(byte[] body, int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return new String(body, from, end - from, StandardCharsets.UTF_8);
    }
}
