package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.graalvm.polyglot.Engine;

/** What an installation does once: unpack the languages' resources, and go through typical runs for an AOT cache. */
final class Training {
    private static final ToCell.Terms TERMS =
            new ToCell.Terms("full", "/", "/", "/", "", 1 << 20, 256 << 20, 60_000_000_000L);
    private static final List<String> JAVASCRIPT = List.of(
            """
            function execute(params) {
              understudy.log.info('hello');
              console.log(params.name);
              return { success: true, text: [...params.name].reverse().join(''), when: new Date(0),
                all: Object.keys(params).map((key) => key.toUpperCase()), matches: /a+/.test(params.name) };
            }
            """,
            "function execute(params) { return understudy.files.exists('/x') }",
            "export async function execute(params) { await null; throw new Error('x'); }",
            "function execute(params) { return ",
            "function execute(params) { return JSON.parse(JSON.stringify(params)).name.split('a').join(',') }");
    private static final List<String> PYTHON = List.of("""
            import json, os, re, shutil, pathlib, csv, datetime, math, collections, itertools, zipfile, glob
            def execute(params):
                understudy.log.info('hello')
                print(params['name'])
                names = sorted({name.upper() for name in params})
                return {'success': True, 'text': f"{params['name']:>10}", 'names': names,
                        'json': json.dumps(params), 'matches': bool(re.match('a+', 'aa'))}
            """, """
            import os
            def execute(params):
                return os.path.exists('/x')
            """, """
            def execute(params):
                raise ValueError('x')
            """, """
            def execute(params)
            """, """
            def execute(params):
                with open('/x') as file:
                    return file.read()
            """);

    private Training() {}

    /** Unpacks the resources of both languages, and Python's library compiled, which makes its imports a quarter faster. */
    static void unpack(Path directory) throws IOException {
        if (!Engine.copyResources(directory))
            throw new IOException("the languages' resources are not all on the class path");
    }

    /** Serves itself a few runs through pipes, so that what a cell uses in earnest is loaded and linked. */
    static void run(Language language, Path resources) throws IOException, InterruptedException {
        var toCell = new PipedInputStream(1 << 16);
        var fromCell = new PipedInputStream(1 << 16);
        OutputStream hostOut = new PipedOutputStream(toCell);
        OutputStream cellOut = new PipedOutputStream(fromCell);
        var cell = new HostLink(new Frames(InputStream.nullInputStream(), cellOut));
        var host = new Frames(fromCell, hostOut);
        var meter = new Meter(cell);
        meter.start();
        var contexts = new ContextSupply(language, CellMain.engine(language), resources, cell, 1);
        var server = new CellServer(language, contexts, new SharedContexts(1, Long.MAX_VALUE / 1_000_000), cell, meter);
        contexts.awaitFirst();
        Thread answers = Thread.ofPlatform().daemon().start(() -> answerAll(host, cell));
        List<String> scripts = language == Language.JAVASCRIPT ? JAVASCRIPT : PYTHON;
        int id = 0;
        for (ToCell.ContextChoice choice : ToCell.ContextChoice.values()) {
            for (String script : scripts) {
                for (int i = 0; i < 2; i++)
                    server.run(new ToCell.Run(
                            ++id, "training", script, "{\"name\":\"anna\",\"n\":[1,2.5,null,true]}", choice, TERMS));
            }
        }
        answers.interrupt();
    }

    private static void answerAll(Frames host, HostLink cell) {
        try {
            while (true) {
                if (host.readFromCell(Frames.USUAL_BOUND) instanceof FromCell.Ask) {
                    cell.answer(new ToCell.Refused(ToCell.Reason.NOT_FOUND, "nothing is there in training"));
                }
            }
        } catch (IOException | InterruptedException _) {
            // The training is over.
        }
    }
}
