package io.syncline.parquet;

import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A stream that a file is written to from its beginning to its end. */
record FileOutput(OutputStream to) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
        BufferedOutputStream buffered = new BufferedOutputStream(to, 1 << 16);
        return new PositionOutputStream() {
            private long written;

            @Override
            public long getPos() {
                return written;
            }

            @Override
            public void write(int one) throws IOException {
                buffered.write(one);
                written++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                buffered.write(bytes, from, length);
                written += length;
            }

            @Override
            public void flush() throws IOException {
                buffered.flush();
            }

            @Override
            public void close() throws IOException {
                buffered.flush();
            }
        };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}
