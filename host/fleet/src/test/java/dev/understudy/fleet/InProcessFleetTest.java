package dev.understudy.fleet;

import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.InProcessFleet;

class InProcessFleetTest extends FleetContract {
    @Override
    Fleet open() {
        return new InProcessFleet(TIMES);
    }
}
