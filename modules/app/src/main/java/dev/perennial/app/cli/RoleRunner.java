package dev.perennial.app.cli;

import dev.perennial.app.config.Installation;
import dev.perennial.app.role.Role;
import java.util.Set;

/** Runs roles until the process is asked to stop. */
@FunctionalInterface
public interface RoleRunner {

  /**
   * @param surroundings where to say what was started
   * @return exit code
   */
  int run(Installation installation, Set<Role> roles, Surroundings surroundings);
}
