"""What the browser says and is told: visits, requests, the pad, the player, the open cell."""
