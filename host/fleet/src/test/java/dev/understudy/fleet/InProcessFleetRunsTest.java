package dev.understudy.fleet;

import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.InProcessFleet;

class InProcessFleetRunsTest extends FleetRunsContract {
    @Override
    Fleet open() {
        return new InProcessFleet(FleetContract.TIMES);
    }
}
