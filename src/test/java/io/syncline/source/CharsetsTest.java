package io.syncline.source;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 5: what is no UTF-8 is no answer. Held against Java's own decoder, which takes ten times as long. */
class CharsetsTest {
    private static final String TEXT = "a plain beginning of some letters, \u00fc\u00df\u07ff\u0800\ud7ff\ue000\uffff\ud83d\ude00\udbff\udfff, and plain again";

    @Test
    void everyByteIsTakenAsTheDecoderTakesIt() {
        SplittableRandom random = new SplittableRandom(20261122);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = TEXT.substring(random.nextInt(20)).getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xc0 + random.nextInt(64) : random.nextInt(256));
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            assertThat(Charsets.isUtf8(cut)).as("%s", (Object) cut).isEqualTo(isDecoded(cut));
            refused += isDecoded(cut) ? 0 : 1;
        }
        assertThat(refused).isBetween(20_000, 180_000);
    }

    private static boolean isDecoded(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
