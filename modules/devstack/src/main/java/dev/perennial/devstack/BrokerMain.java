package dev.perennial.devstack;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The broker's own process: formats its directory the first time, starts, prints {@code ready}, and
 * ends when its standard input ends. One argument: the file with its settings.
 */
final class BrokerMain {
  static final String READY = "ready";

  // The same everywhere: a second start over the same directory must not look like another cluster.
  private static final String CLUSTER_ID = "cGVyZW5uaWFsLWRldg";
  private static final long SHUTDOWN_LIMIT_MILLIS = 10_000;

  private BrokerMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream toParent = System.out;
    System.setOut(System.err);
    Thread.ofPlatform().daemon().name("parent-watch").start(BrokerMain::exitWithParent);
    Properties settings = read(Path.of(arguments[0]));
    format(settings);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::shutdown));
    startOrExit(server);
    toParent.println(READY);
    toParent.close();
    server.awaitShutdown();
  }

  private static void startOrExit(KafkaRaftServer server) {
    try {
      server.startup();
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static Properties read(Path file) throws IOException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      settings.load(reader);
    }
    return settings;
  }

  private static void format(Properties settings) throws Exception {
    Formatter formatter = new Formatter();
    formatter.setPrintStream(System.err);
    formatter.setClusterId(CLUSTER_ID);
    formatter.setNodeId(BrokerSettings.NODE_ID);
    formatter.setControllerListenerName(settings.getProperty("controller.listener.names"));
    formatter.setMetadataLogDirectory(settings.getProperty("log.dirs"));
    formatter.addDirectory(settings.getProperty("log.dirs"));
    formatter.setIgnoreFormatted(true);
    formatter.run();
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said here: only the end counts.
      }
    } catch (IOException closed) {
      // The same as its end.
    }
    Thread.ofPlatform().daemon().name("halt").start(BrokerMain::haltWhenShutdownHangs);
    System.exit(0);
  }

  private static void haltWhenShutdownHangs() {
    try {
      Thread.sleep(SHUTDOWN_LIMIT_MILLIS);
    } catch (InterruptedException e) {
      // Nobody interrupts it; then it halts a little earlier.
    }
    Runtime.getRuntime().halt(2);
  }
}
