package io.syncline.parquet;

import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.VariantLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Parquet file, read a row group at a time and only in the columns that are asked for: memory is bounded by the largest row group, of which at most a quarter
 * of the heap is taken. Whatever is wrong with the file is an {@link UnreadableFile}.
 */
public final class ParquetFile implements Closeable, Iterable<Row> {
    private static final int SHORTEST = 12;
    private static final int LONGEST_FOOTER = 32 << 20;

    private final ParquetFileReader reader;
    private final Set<String> columns;
    private final RowMaker maker;
    private final ColumnIOFactory columnsOf;
    private final MessageType projected;
    private RecordReader<Struct> group;
    private long leftInGroup;
    private int groups;
    private long rows;

    private ParquetFile(ParquetFileReader reader, Set<String> wanted) throws UnreadableFile {
        this.reader = reader;
        MessageType schema = reader.getFileMetaData().getSchema();
        this.columns = schema.getFields().stream().map(Type::getName).collect(Collectors.toSet());
        List<Type> taken = schema.getFields().stream().filter(column -> wanted == null || wanted.contains(column.getName())).toList();
        requireReadable(taken);
        this.projected = new MessageType(schema.getName(), taken);
        for (BlockMetaData block : reader.getRowGroups()) {
            requireReadable(block);
        }
        reader.setRequestedSchema(projected);
        this.columnsOf = new ColumnIOFactory(reader.getFileMetaData().getCreatedBy());
        this.maker = new RowMaker(projected);
    }

    /**
     * @param columns those at the top that are wanted, or null for all; the others are not read
     * @throws UnreadableFile when it is no whole Parquet file, or one that cannot be read here
     */
    public static ParquetFile open(Path path, Set<String> columns) throws IOException, UnreadableFile {
        FileInput file = new FileInput(path, requireWhole(path));
        ParquetFileReader reader = null;
        try {
            reader = new ParquetFileReader(file, ParquetReadOptions.builder(new PlainParquetConfiguration()).withCodecFactory(new Compression())
                    .usePageChecksumVerification().withUseHadoopVectoredIo(false).build());
            ParquetFile opened = new ParquetFile(reader, columns);
            reader = null;
            return opened;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new UnreadableFile("its footer is damaged: " + said(e), e);
        } finally {
            if (reader != null) {
                reader.close();
            }
        }
    }

    /** The names of all columns at the top of the file. */
    public Set<String> columns() {
        return columns;
    }

    /**
     * The next row.
     *
     * @return null at the end
     * @throws UnreadableFile when the file is damaged from here on
     */
    public Row next() throws IOException, UnreadableFile {
        try {
            while (leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                openGroup(pages);
            }
            leftInGroup--;
            rows++;
            Struct row = group == null ? new Struct(new String[0], new Object[0]) : group.read();
            return new Row(rows, row, maker.problems());
        } catch (IOException | RuntimeException e) {
            throw new UnreadableFile("it is damaged in row group " + groups + ", behind row " + rows + ": " + said(e), e);
        }
    }

    /** The rows that are left. The file has one order of rows and one place in it, so there is no second pass. */
    @Override
    public Iterator<Row> iterator() {
        return new Rows();
    }

    /**
     * Passes over rows, whole row groups of them without reading them.
     *
     * @return false when there are not so many
     */
    public boolean skip(long count) throws IOException, UnreadableFile {
        long left = count;
        while (left > 0) {
            List<BlockMetaData> blocks = reader.getRowGroups();
            if (leftInGroup == 0 && groups < blocks.size() && blocks.get(groups).getRowCount() <= left && reader.skipNextRowGroup()) {
                long passed = blocks.get(groups++).getRowCount();
                rows += passed;
                left -= passed;
            } else if (next() == null) {
                return false;
            } else {
                left--;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private void openGroup(PageReadStore pages) {
        groups++;
        leftInGroup = pages.getRowCount();
        group = projected.getFieldCount() == 0 ? null : columnsOf.getColumnIO(projected, projected).getRecordReader(pages, maker);
    }

    private static void requireReadable(List<Type> taken) throws UnreadableFile {
        for (Type column : taken) {
            if (column.getLogicalTypeAnnotation() instanceof VariantLogicalTypeAnnotation) {
                throw new UnreadableFile("column " + column.getName() + " is a variant, which cannot be read; write it as text, JSON or a struct");
            }
        }
    }

    private void requireReadable(BlockMetaData block) throws UnreadableFile {
        long size = 0;
        for (ColumnChunkMetaData column : block.getColumns()) {
            String name = column.getPath().toArray()[0];
            if (!projected.containsField(name)) {
                continue;
            }
            if (column.isEncrypted()) {
                throw new UnreadableFile("column " + name + " is encrypted");
            }
            CompressionCodecName codec = column.getCodec();
            if (!Compression.KNOWN.contains(codec)) {
                throw new UnreadableFile("column " + name + " is packed with " + codec.name().toLowerCase(Locale.ROOT)
                        + ", which cannot be unpacked; write it with snappy, gzip, zstd or uncompressed");
            }
            size += column.getTotalSize();
        }
        // Promise 26: a row group is read as a whole, so its size is what bounds the memory.
        long most = Runtime.getRuntime().maxMemory() / 4;
        if (size < 0 || size > most) {
            throw new UnreadableFile("a row group takes " + (size >> 20) + " MB, but at most " + (most >> 20) + " MB fit into memory;"
                    + " write smaller row groups");
        }
    }

    /** Half of a file, or something else, is told as what it most likely is. */
    private static long requireWhole(Path path) throws IOException, UnreadableFile {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long length = channel.size();
            if (length == 0) {
                throw new UnreadableFile("it is empty");
            }
            String begins = length < SHORTEST ? "" : letters(channel, 0);
            String ends = length < SHORTEST ? "" : letters(channel, length - 4);
            if (begins.equals("PARE") || ends.equals("PARE")) {
                throw new UnreadableFile("it is encrypted");
            }
            if (!begins.equals("PAR1")) {
                throw new UnreadableFile("it is no Parquet file");
            }
            if (!ends.equals("PAR1")) {
                throw new UnreadableFile("it has no end: it was cut off, or is still being written");
            }
            long footer = bytes(channel, length - 8).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (footer <= 0 || footer > length - SHORTEST) {
                throw new UnreadableFile("its footer is damaged: it says it has " + footer + " bytes");
            }
            if (footer > LONGEST_FOOTER) {
                throw new UnreadableFile("its footer takes " + (footer >> 20) + " MB; write fewer columns or larger row groups");
            }
            return length;
        }
    }

    private static String letters(FileChannel channel, long at) throws IOException {
        return new String(bytes(channel, at).array(), StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer bytes(FileChannel channel, long at) throws IOException {
        ByteBuffer four = ByteBuffer.allocate(4);
        while (four.hasRemaining() && channel.read(four, at + four.position()) >= 0) {
            // Reads on until it has all four.
        }
        return four.flip();
    }

    /** What a library said, in one short line. */
    private static String said(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String line = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
        String told = cause.getMessage() == null ? cause.getClass().getSimpleName() : line;
        return told.length() > 160 ? told.substring(0, 160) + "…" : told;
    }

    private final class Rows implements Iterator<Row> {
        private Row ahead;
        private boolean over;

        @Override
        public boolean hasNext() {
            try {
                ahead = ahead != null || over ? ahead : ParquetFile.this.next();
                over = ahead == null;
                return !over;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (UnreadableFile e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there is no row behind " + rows);
            }
            Row row = ahead;
            ahead = null;
            return row;
        }
    }
}
