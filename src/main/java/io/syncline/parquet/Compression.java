package io.syncline.parquet;

import com.github.luben.zstd.Zstd;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The compressions that pages are read and written with, without Hadoop's codecs. A page that says it is huge is refused before anything is unpacked. */
final class Compression implements CompressionCodecFactory {
    static final Set<CompressionCodecName> KNOWN = EnumSet.of(CompressionCodecName.UNCOMPRESSED, CompressionCodecName.SNAPPY, CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD);

    private static final int LARGEST_PAGE = 64 << 20;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new Packing(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Unpacking(codec);
    }

    @Override
    public void release() {
        // Holds nothing.
    }

    private record Packing(CompressionCodecName codec) implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return switch (codec) {
                case UNCOMPRESSED -> bytes;
                case SNAPPY -> BytesInput.from(Snappy.compress(bytes.toByteArray()));
                case ZSTD -> BytesInput.from(Zstd.compress(bytes.toByteArray()));
                case GZIP -> {
                    ByteArrayOutputStream to = new ByteArrayOutputStream();
                    try (GZIPOutputStream packed = new GZIPOutputStream(to)) {
                        bytes.writeAllTo(packed);
                    }
                    yield BytesInput.from(to.toByteArray());
                }
                default -> throw new IOException("no compression " + codec);
            };
        }

        @Override
        public CompressionCodecName getCodecName() {
            return codec;
        }

        @Override
        public void release() {
            // Holds nothing.
        }
    }

    private record Unpacking(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return codec == CompressionCodecName.UNCOMPRESSED ? bytes : BytesInput.from(unpacked(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer packed, int packedSize, ByteBuffer to, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            packed.get(bytes);
            to.put(codec == CompressionCodecName.UNCOMPRESSED ? bytes : unpacked(bytes, size));
            to.flip();
        }

        @Override
        public void release() {
            // Holds nothing.
        }

        private byte[] unpacked(byte[] packed, int size) throws IOException {
            if (size < 0 || size > LARGEST_PAGE) {
                throw new IOException("a page of " + size + " bytes");
            }
            byte[] page = switch (codec) {
                case SNAPPY -> snappy(packed, size);
                case ZSTD -> zstd(packed, size);
                case GZIP -> {
                    try (GZIPInputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                        yield unpacking.readNBytes(size);
                    }
                }
                default -> throw new IOException("no compression " + codec);
            };
            if (page.length != size) {
                throw new IOException("a page of " + page.length + " bytes that says it has " + size);
            }
            return page;
        }

        private static byte[] snappy(byte[] packed, int size) throws IOException {
            if (!Snappy.isValidCompressedBuffer(packed) || Snappy.uncompressedLength(packed) != size) {
                throw new IOException("a page that cannot be unpacked");
            }
            return Snappy.uncompress(packed);
        }

        private static byte[] zstd(byte[] packed, int size) throws IOException {
            byte[] page = new byte[size];
            long length = Zstd.decompress(page, packed);
            if (Zstd.isError(length) || length != size) {
                throw new IOException("a page that cannot be unpacked");
            }
            return page;
        }
    }
}
