package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.record.Observed;
import io.syncline.record.WhenRead;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;

import java.util.Optional;

/** The kinds of sources behind one door. */
final class AllSources implements Sources, AutoCloseable {
    private final Outbound outbound;
    private final Entry entry;
    private final JdbcPools pools;
    private final SourceReader web;
    private final SourceReader jdbc;
    private final SourceReader files;
    private final SourceReader route;

    AllSources(CamelContext camel, Waiting waiting, MeterRegistry meters) {
        outbound = new Outbound(camel, waiting, meters);
        entry = new Entry(outbound, waiting);
        web = new HttpReader(entry);
        pools = new JdbcPools(camel);
        jdbc = new JdbcReader(camel, pools);
        files = new FilesReader(new ParquetFiles(camel), waiting);
        route = new RouteReader(camel, waiting);
    }

    @Override
    public PageReader open(Read read, String resume, WhenRead whenRead) {
        return new Ahead(of(read).open(read, resume), whenRead);
    }

    @Override
    public boolean readsById(Read read) {
        return read.resource().asksForOne();
    }

    @Override
    public Optional<Observed> byId(Read read, String key) {
        return of(read).byId(read, key);
    }

    @Override
    public boolean drifts(Read read) {
        return of(read).drifts(read);
    }

    /** How systems that are called over HTTP let us in: writes share tokens and connections with reads. */
    Entry entry() {
        return entry;
    }

    @Override
    public void close() {
        outbound.close();
        pools.close();
    }

    private SourceReader of(Read read) {
        SourceConfig source = read.system().source();
        if (source instanceof SourceConfig.Web) {
            return web;
        }
        if (source instanceof SourceConfig.Jdbc) {
            return jdbc;
        }
        return source instanceof SourceConfig.Files ? files : route;
    }
}
