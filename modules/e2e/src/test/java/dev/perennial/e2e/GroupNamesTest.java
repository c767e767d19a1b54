package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Role;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The consumer groups by which an operator scales and watches; names are public contract. */
@ExtendWith(ServersExtension.class)
class GroupNamesTest {

  @Test
  void theGroupsOfTheRolesAreThoseThatTheManifestsName(Servers servers) {
    try (Installed installed =
        Installed.on(servers).definition("google", Catalogue.definition("google")).build()) {
      PerennialConfig config = installed.config();
      String prefix = config.topics().prefix();
      var _ = installed.node(EnumSet.allOf(Role.class));
      Set<String> named =
          Stream.of("exchanger.code-received", "exchanger.refresh-due", "scheduler", "credentials")
              .map(name -> prefix + "." + name)
              .collect(Collectors.toSet());
      Await.until("the groups are there", () -> groups(config, prefix).containsAll(named));
      assertThat(groups(config, prefix)).isEqualTo(named);
      installed.over();
    }
  }

  private static Set<String> groups(PerennialConfig config, String prefix) {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", config.kafka().bootstrapServers()))) {
      return admin.listGroups().all().get().stream()
          .map(GroupListing::groupId)
          .filter(group -> group.startsWith(prefix))
          .collect(Collectors.toSet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
