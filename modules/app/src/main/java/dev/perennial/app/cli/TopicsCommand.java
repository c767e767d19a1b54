package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Setup;
import dev.perennial.stream.TopicAdmin;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code perennial topics}: makes what is missing, checks what is there. */
@Command(
    name = "topics",
    description =
        "Create the topics that are missing, with the right settings, and check the others; exit"
            + " code 1 where one is not as it must be.")
final class TopicsCommand implements Runnable {
  private final PerennialCommand top;

  TopicsCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PerennialConfig config = top.config(Map.of());
    TopicAdmin.Created topics = Setup.topics(config);
    PrintWriter out = top.surroundings().out();
    topics.created().forEach(name -> out.println("created " + name));
    topics.existing().forEach(name -> out.println("checked " + name));
    out.println(
        "all well on "
            + config.kafka().bootstrapServers()
            + ", "
            + config.shards()
            + " partitions each");
    out.flush();
  }
}
