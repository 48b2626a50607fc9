package io.syncline.parquet;

import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.dataformat.parquet.avro.ParquetAvroDataFormat;
import org.apache.camel.support.SynchronizationAdapter;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * Camel's Parquet data format, reading as files are read here: the body becomes a {@link ParquetFile} to split, each row of which is exact and comes when it is
 * asked for. A path or file is read where it stands, a stream is kept in a temporary file until the exchange ends, never in memory.
 */
public final class ExactParquet extends ParquetAvroDataFormat {
    /** The variable with the names of the wanted columns, a set; without it all are read. */
    public static final String COLUMNS = "columns";

    /** How the name of a copy begins: with the process whose it is. */
    static final String COPY = "syncline-" + ProcessHandle.current().pid() + "-";

    private final boolean handsOver;

    private ExactParquet(boolean handsOver) {
        this.handsOver = handsOver;
        setLazyLoad(true);
    }

    /** For any route: what was opened is closed when the exchange ends. */
    public static ExactParquet forRoutes() {
        return new ExactParquet(false);
    }

    /** Whoever sent the exchange closes what it gets. */
    public static ExactParquet handingOver() {
        return new ExactParquet(true);
    }

    @Override
    public String getDataFormatName() {
        return "exactParquet";
    }

    @Override
    public void marshal(Exchange exchange, Object rows, OutputStream to) {
        throw new UnsupportedOperationException("exactParquet only reads. Export a snapshot as Parquet instead.");
    }

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws IOException, UnreadableFile {
        Object given = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
        if (given instanceof Path path) {
            return opened(exchange, path, null);
        }
        if (given instanceof File file) {
            return opened(exchange, file.toPath(), null);
        }
        return unmarshal(exchange, exchange.getContext().getTypeConverter().convertTo(InputStream.class, exchange, body));
    }

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws IOException, UnreadableFile {
        Path copy = Files.createTempFile(COPY, ".parquet");
        try {
            Files.copy(stream, copy, StandardCopyOption.REPLACE_EXISTING);
            return opened(exchange, copy, copy);
        } catch (IOException | UnreadableFile | RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    /** @param copy to be removed in the end; or null */
    private ParquetFile opened(Exchange exchange, Path path, Path copy) throws IOException, UnreadableFile {
        ParquetFile file = ParquetFile.open(path, wanted(exchange));
        if (!handsOver) {
            exchange.getExchangeExtension().addOnCompletion(new AtTheEnd(file, copy));
        }
        return file;
    }

    @SuppressWarnings("unchecked")
    private static Set<String> wanted(Exchange exchange) {
        return exchange.getVariable(COLUMNS, Set.class);
    }

    private static final class AtTheEnd extends SynchronizationAdapter {
        private final Closeable file;
        private final Path copy;

        AtTheEnd(Closeable file, Path copy) {
            this.file = file;
            this.copy = copy;
        }

        @Override
        public void onDone(Exchange exchange) {
            try (file) {
                if (copy != null) {
                    Files.deleteIfExists(copy);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
