"""What watches the funds: findings of monitoring, frozen monthly heads, official tables, performance."""
